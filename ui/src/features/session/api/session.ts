import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Credentials, NewUser } from '@/api/contract.ts';
import { login, logout, register } from '@/api/generated';
import { useTellTabs } from '../SharedSession.tsx';
import { forget, ME_KEY, meOptions } from './me.ts';

export const useLogIn = () => useEntry((body: Credentials) => login({ body }));

export const useRegister = () => useEntry((body: NewUser) => register({ body }));

/** Both ways in end alike: whatever another person saw is forgotten, and `me` is read anew. */
function useEntry<T>(enter: (input: T) => Promise<unknown>) {
  const client = useQueryClient();
  const tellTabs = useTellTabs();
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      tellTabs();
      forget(client);
      await client.fetchQuery({ ...meOptions, staleTime: 0 });
    },
  });
}

export function useLogOut() {
  const client = useQueryClient();
  const tellTabs = useTellTabs();
  return useMutation({
    mutationFn: () => logout(),
    onSuccess: () => {
      tellTabs();
      forget(client);
      client.setQueryData(ME_KEY, null);
    },
  });
}
