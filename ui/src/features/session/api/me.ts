import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { Acting, Me } from '@/api/contract.ts';
import { readMe } from '@/api/generated';
import { Problem } from '@/api/problem.ts';

export const ME_KEY = ['me'] as const;

export const MeContext = createContext<Acting | null>(null);

/** Who is logged in, and where; null for nobody. */
export const meOptions = queryOptions({
  queryKey: ME_KEY,
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return (await readMe({ signal })).data;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

/** Below the signed-in frame there is always somebody: the frame renders nothing below it else. */
export function useMe(): Acting {
  const me = useContext(MeContext);
  if (!me) throw new Problem({ status: 401, code: 'logged-out', title: 'You are logged out' });
  return me;
}
