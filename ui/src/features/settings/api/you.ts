import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { changePassword, endSession, endSessions, listSessions, updateMe } from '@/api/generated';
import { forget, ME_KEY } from '@/features/session/api/me.ts';
import { useTellTabs } from '@/features/session/SharedSession.tsx';

const SESSIONS = ['sessions'] as const;

export const sessionsOptions = queryOptions({
  queryKey: SESSIONS,
  queryFn: async ({ signal }) => (await listSessions({ signal })).data.sessions,
});

export function useRenameYourself() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => (await updateMe({ body: { name } })).data,
    onSuccess: (me) => client.setQueryData(ME_KEY, me),
  });
}

/** Ends all other sessions; this one goes on. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => changePassword({ body }),
    onSuccess: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (session_id: string) => endSession({ path: { session_id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

export function useEndOthers() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => endSessions({ query: { keep_current: true } }),
    onSuccess: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

/** Everywhere, here too: nobody is logged in afterwards. */
export function useEndAll() {
  const client = useQueryClient();
  const tellTabs = useTellTabs();
  return useMutation({
    mutationFn: () => endSessions({ query: { keep_current: false } }),
    onSuccess: () => {
      tellTabs();
      forget(client);
      client.setQueryData(ME_KEY, null);
    },
  });
}
