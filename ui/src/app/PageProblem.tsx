import { useQueryClient } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { asProblem } from '@/api/problem.ts';
import { ProblemNote } from '@/components/ui/ProblemNote.tsx';
import { ME_KEY } from '@/features/session/api/me.ts';

/** A page that could not even begin: the API is down, or the page itself has a defect. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const client = useQueryClient();
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">metricx</h1>
      <ProblemNote
        problem={asProblem(error)}
        onRetry={() => {
          client.removeQueries({ queryKey: ME_KEY });
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
