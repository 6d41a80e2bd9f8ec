import { QueryCache, QueryClient } from '@tanstack/react-query';
import { mayPass, Problem } from '@/api/problem.ts';
import { ME_KEY } from '@/features/session/api/me.ts';

/** Retries what time may mend; an answer that asks for a log-in asks who is logged in, if anybody. */
export function makeQueryClient(retries = 2): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const ended = error instanceof Problem && error.status === 401;
        if (ended && query.queryKey[0] !== ME_KEY[0])
          void client.invalidateQueries({ queryKey: ME_KEY });
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) =>
          failures < retries && (!(error instanceof Problem) || mayPass(error)),
        retryDelay: (attempt, error) => {
          const asked = error instanceof Problem && error.retryAt ? error.retryAt - Date.now() : 0;
          return Math.max(Math.min(1_000 * 2 ** attempt, 8_000), Math.min(asked, 30_000));
        },
      },
    },
  });
  return client;
}
