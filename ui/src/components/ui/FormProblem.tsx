import type { Problem } from '@/api/problem.ts';
import { useSecondsUntil } from '../useSecondsUntil.ts';

/** Why a form was not taken, and when to try again; read out when it appears. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  const wait = useSecondsUntil(problem?.retryAt ?? null);
  return (
    <div role="alert" className="empty:absolute">
      {problem && (
        <div className="mb-2 rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
          <p className="font-semibold">{problem.title}</p>
          {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
          {problem.errors.map((error) => (
            <p key={error.pointer}>{error.message}</p>
          ))}
          {/* The seconds are for eyes: read out, each would interrupt. */}
          {wait > 0 && <p aria-hidden="true">Try again in {wait} s.</p>}
        </div>
      )}
    </div>
  );
}
