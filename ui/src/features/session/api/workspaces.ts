import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Me, NewWorkspace } from '@/api/contract.ts';
import { enterWorkspace, makeWorkspace } from '@/api/generated';
import { useTellTabs } from '../SharedSession.tsx';
import { forget, ME_KEY, meOptions } from './me.ts';

/** Goes over to another workspace, in all tabs; what the one before showed is forgotten. */
export function useEnterWorkspace() {
  const take = useTakeOver();
  return useMutation({
    mutationFn: async (workspace_id: string) =>
      (await enterWorkspace({ path: { workspace_id } })).data,
    onSuccess: take,
  });
}

/** A new workspace, in which the session then acts. */
export function useMakeWorkspace() {
  const take = useTakeOver();
  return useMutation({
    mutationFn: async (body: NewWorkspace) => {
      await makeWorkspace({ body });
    },
    onSuccess: () => take(),
  });
}

/** What has to happen when the session acts elsewhere; `me` is read anew unless it was told. */
export function useTakeOver() {
  const client = useQueryClient();
  const tellTabs = useTellTabs();
  return async (me?: Me) => {
    tellTabs();
    await client.cancelQueries(); // an answer under way may be of either workspace
    forget(client);
    if (me) client.setQueryData(ME_KEY, me);
    else await client.fetchQuery({ ...meOptions, staleTime: 0 });
    // The page begins anew, and so does whoever reads it by key.
    requestAnimationFrame(() => document.getElementById('page')?.focus());
  };
}
