import type { ReactNode } from 'react';
import { Mark } from './ui/Mark.tsx';

interface Props {
  title: string;
  /** The workspace that the page is of. */
  place: string;
  refetching?: boolean;
  children?: ReactNode;
}

/** What page this is, and of which workspace; stays in view. */
export function PageHead({ title, place, refetching = false, children }: Props) {
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-canvas/95 backdrop-blur-sm">
      <title>{`${title} · ${place} · metricx`}</title>
      <div className="flex min-h-14 items-center gap-x-3 px-3 py-2 sm:px-5 lg:px-7">
        <div className="flex min-w-0 flex-1 items-center gap-2.5">
          <span className="md:hidden">
            <Mark />
          </span>
          <h1 className="shrink-0 font-semibold text-[15px]">{title}</h1>
          <p className="min-w-0 truncate text-muted">{place}</p>
        </div>
        <div className="flex shrink-0 items-center">{children}</div>
      </div>
      <div aria-hidden="true" className="absolute inset-x-0 bottom-[-1px] h-0.5 overflow-hidden">
        {refetching && (
          <span className="block h-full w-1/4 animate-[slide_1.1s_ease-in-out_infinite] bg-accent" />
        )}
      </div>
    </header>
  );
}
