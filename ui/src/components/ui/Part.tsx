import { CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PartView } from '../view.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { Skeleton } from './Skeleton.tsx';
import { StaleNote } from './StaleNote.tsx';

interface Props<T> {
  view: PartView<T>;
  /** What of it is stale, as a sentence begins: "This list is". */
  what: string;
  skeleton?: ReactNode;
  /** Shown in place of a refusal by role. */
  forbidden?: ReactNode;
  children: (data: T, toldAt: number) => ReactNode;
}

/** A part of a page in whichever state its answer is. */
export function Part<T>({ view, what, skeleton, forbidden, children }: Props<T>) {
  switch (view.state) {
    case 'loading':
      return (
        <div aria-busy="true">
          <p className="sr-only">Loading</p>
          {skeleton ?? <Lines />}
        </div>
      );
    case 'offline':
      return (
        <p className="flex items-center justify-center gap-2 px-4 py-10 text-soft">
          <CloudOff aria-hidden="true" size={17} />
          You are offline. This loads by itself when the network is back.
        </p>
      );
    case 'failed':
      return view.problem.code === 'not-allowed' && forbidden ? (
        forbidden
      ) : (
        <ProblemNote problem={view.problem} onRetry={view.retry} />
      );
    case 'ready':
      return (
        <>
          <StaleNote what={what} problem={view.stale} toldAt={view.toldAt} />
          {children(view.data, view.toldAt)}
        </>
      );
  }
}

function Lines() {
  return (
    <div className="flex flex-col gap-3 px-4 py-4 sm:px-5">
      {[72, 56, 64].map((width) => (
        <Skeleton key={width} className={width === 56 ? 'h-5 w-7/12' : 'h-5 w-9/12'} />
      ))}
    </div>
  );
}
