import { useQueryClient } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { asProblem, mayPass, Problem } from '@/api/problem.ts';
import { ProblemNote } from '@/components/ui/ProblemNote.tsx';
import { ME_KEY, meOptions } from '@/features/session/api/me.ts';

const TRY_AGAIN_MS = 3_000;

/** A page that could not even begin: the API is down (it opens by itself when it is back), or a defect. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const client = useQueryClient();
  const passes = error instanceof Problem && mayPass(error);
  useEffect(() => {
    if (!passes) return;
    const again = () => {
      client.fetchQuery({ ...meOptions, staleTime: 0, retry: false }).then(
        () => {
          reset();
          void router.invalidate();
        },
        () => undefined, // still away
      );
    };
    const timer = setInterval(again, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [passes, client, router, reset]);
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
