import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '@/api/request.ts';
import { ME_KEY, meOptions } from './me.ts';

export interface Credentials {
  email: string;
  password: string;
}

export interface Registration extends Credentials {
  workspace_name?: string;
}

export const useLogIn = () =>
  useEntry((credentials: Credentials) =>
    request('/auth/login', { method: 'POST', body: credentials }),
  );

export const useRegister = () =>
  useEntry((registration: Registration) =>
    request('/auth/register', { method: 'POST', body: registration }),
  );

/** Both ways in end alike: whatever another person saw is forgotten, and `me` is read anew. */
function useEntry<T>(enter: (input: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      client.clear();
      await client.fetchQuery({ ...meOptions, staleTime: 0 });
    },
  });
}

export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('/auth/logout', { method: 'POST' }),
    onSuccess: () => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME_KEY[0] });
      client.setQueryData(ME_KEY, null);
    },
  });
}
