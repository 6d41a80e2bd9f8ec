import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { WorkspaceChange } from '@/api/contract.ts';
import { leaveWorkspace, readWorkspace, updateWorkspace } from '@/api/generated';
import { DASHBOARD_KEY } from '@/features/dashboard/api/dashboard.ts';
import { ME_KEY } from '@/features/session/api/me.ts';
import { useTakeOver } from '@/features/session/api/workspaces.ts';

const KEY = ['workspace'] as const;

export const workspaceOptions = (workspaceId: string) =>
  queryOptions({
    queryKey: [...KEY, workspaceId],
    queryFn: async ({ signal }) => (await readWorkspace({ signal })).data,
  });

/** Its name stands on every page, its calendar and currency decide every figure. */
export function useUpdateWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: WorkspaceChange) => (await updateWorkspace({ body })).data,
    onSuccess: async (workspace) => {
      client.setQueryData([...KEY, workspace.id], workspace);
      await client.invalidateQueries({ queryKey: ME_KEY });
      await client.invalidateQueries({ queryKey: DASHBOARD_KEY });
    },
  });
}

export function useLeaveWorkspace() {
  const take = useTakeOver();
  return useMutation({ mutationFn: () => leaveWorkspace(), onSuccess: () => take() });
}
