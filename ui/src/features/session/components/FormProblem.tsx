import type { Problem } from '@/api/problem.ts';

/** Why a form was not taken; read out when it appears. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  return (
    <div role="alert">
      {problem && (
        <div className="rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
          <p className="font-semibold">{problem.title}</p>
          {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
          {problem.errors.map((error) => (
            <p key={error.pointer}>{error.message}</p>
          ))}
        </div>
      )}
    </div>
  );
}
