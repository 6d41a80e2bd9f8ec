import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { NewApiKey } from '@/api/contract.ts';
import { listApiKeys, makeApiKey, revokeApiKey } from '@/api/generated';

const KEYS = ['api-keys'] as const;

export const keysOptions = (workspaceId: string) =>
  queryOptions({
    queryKey: [...KEYS, workspaceId],
    queryFn: async ({ signal }) => (await listApiKeys({ signal })).data.api_keys,
  });

export function useMakeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: NewApiKey) => (await makeApiKey({ body })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key_id: string) => revokeApiKey({ path: { key_id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}
