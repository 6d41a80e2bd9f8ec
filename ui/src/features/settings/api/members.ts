import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { NewInvitation, Role, WorkspaceMember } from '@/api/contract.ts';
import {
  changeRole,
  invite,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
} from '@/api/generated';
import { ME_KEY } from '@/features/session/api/me.ts';

const MEMBERS = ['members'] as const;
const INVITATIONS = ['invitations'] as const;

export const membersOptions = (workspaceId: string) =>
  queryOptions({
    queryKey: [...MEMBERS, workspaceId],
    queryFn: async ({ signal }) => (await listMembers({ signal })).data.members,
  });

export const invitationsOptions = (workspaceId: string) =>
  queryOptions({
    queryKey: [...INVITATIONS, workspaceId],
    queryFn: async ({ signal }) => (await listInvitations({ signal })).data.invitations,
  });

export function useChangeRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ member, role }: { member: WorkspaceMember; role: Role }) =>
      changeRole({ path: { user_id: member.user_id }, body: { role } }),
    onSuccess: async (_, { member }) => {
      if (member.is_you) await client.invalidateQueries({ queryKey: ME_KEY });
      await client.invalidateQueries({ queryKey: MEMBERS });
    },
  });
}

export function useRemoveMember() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user_id }: WorkspaceMember) => removeMember({ path: { user_id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: MEMBERS }),
  });
}

export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewInvitation) => (await invite({ body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: INVITATIONS }),
  });
}

export function useRevokeInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (invitation_id: string) => revokeInvitation({ path: { invitation_id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: INVITATIONS }),
  });
}
