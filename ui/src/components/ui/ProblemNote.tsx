import { RotateCw, TriangleAlert } from 'lucide-react';
import type { Problem } from '@/api/problem.ts';
import { Button } from './Button.tsx';
import { cx } from './classes.ts';

interface Props {
  problem: Problem;
  onRetry?: () => void;
  /** A tile has room for a line and a button only. */
  compact?: boolean;
}

/** What failed, in words, and the way to try again. */
export function ProblemNote({ problem, onRetry, compact = false }: Props) {
  return (
    <div
      role="alert"
      className={cx(
        'flex flex-col gap-2',
        compact
          ? 'items-start text-[12.5px]'
          : 'mx-auto max-w-lg items-center px-6 py-12 text-center',
      )}
    >
      <span className="inline-flex items-center gap-2 font-semibold text-bad">
        <TriangleAlert aria-hidden="true" size={compact ? 14 : 18} />
        {problem.title}
      </span>
      {!compact && problem.detail && <p className="text-soft">{problem.detail}</p>}
      {!compact && (problem.page || problem.traceId) && (
        <p className="text-[12.5px] text-muted">
          {problem.page && (
            <a href={problem.page} target="_blank" rel="noreferrer" className="underline">
              What this means
            </a>
          )}
          {problem.page && problem.traceId && ' · '}
          {problem.traceId && (
            <>
              For support: <code className="select-all">{problem.traceId}</code>
            </>
          )}
        </p>
      )}
      {onRetry && (
        <Button look="outline" onClick={onRetry} className={compact ? 'h-7 px-2' : undefined}>
          <RotateCw aria-hidden="true" size={14} /> Try again
        </Button>
      )}
    </div>
  );
}
