import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { Acting, Me } from '@/api/contract.ts';
import { readMe } from '@/api/generated';
import { Problem } from '@/api/problem.ts';

export const ME_KEY = ['me'] as const;

export const MeContext = createContext<Acting | null>(null);

/** Who is logged in, and where; null for nobody. What another person saw is forgotten. */
export const meOptions = queryOptions({
  queryKey: ME_KEY,
  staleTime: 60_000,
  queryFn: async ({ signal, client }): Promise<Me | null> => {
    const me = await read(signal);
    if (identityOf(me) !== identityOf(client.getQueryData<Me | null>(ME_KEY))) forget(client);
    return me;
  },
});

async function read(signal: AbortSignal): Promise<Me | null> {
  try {
    return (await readMe({ signal })).data;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Whose figures a page shows: another person's, or another workspace's, are never mixed in. */
export const identityOf = (me: Me | null | undefined): string =>
  me ? `${me.user.id}/${me.workspace?.id}` : 'nobody';

/** Drops all but who is logged in. */
export function forget(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME_KEY[0] });
}

/** Below the signed-in frame there is always somebody: the frame renders nothing below it else. */
export function useMe(): Acting {
  const me = useContext(MeContext);
  if (!me) throw new Problem({ status: 401, code: 'logged-out', title: 'You are logged out' });
  return me;
}
