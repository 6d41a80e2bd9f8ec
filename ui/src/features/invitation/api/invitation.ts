import { queryOptions, useMutation } from '@tanstack/react-query';
import { acceptInvitation, previewInvitation } from '@/api/generated';
import { useTakeOver } from '@/features/session/api/workspaces.ts';

/** What an invitation is to. Asked by POST, so that the token stands in no address and no log. */
export const previewOptions = (token: string | null) =>
  queryOptions({
    queryKey: ['invitation', token],
    enabled: token !== null,
    queryFn: async ({ signal }) =>
      (await previewInvitation({ body: { token: token ?? '' }, signal })).data,
  });

/** Joins, and acts in the workspace from then on. */
export function useAccept() {
  const take = useTakeOver();
  return useMutation({
    mutationFn: async (token: string) => (await acceptInvitation({ body: { token } })).data,
    onSuccess: take,
  });
}
