import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ConnectionCard, ConnectionList, ProviderName } from '@/api/contract.ts';
import {
  connectAdAccounts,
  disconnect,
  listAdAccounts,
  listConnections,
  pauseConnection,
  renameConnection,
  resumeConnection,
  startConsent,
  syncConnection,
} from '@/api/generated';
import { leaveFor } from '@/components/leaveFor.ts';
import { useTodayTold } from '@/features/live/LiveProvider.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { isSettling } from '../states.ts';

const KEY = ['connections'] as const;
const SOON_MS = 5_000;
const LATER_MS = 30_000;

/** How soon to ask again: often while something is about to change. */
export const againAfter = (list: ConnectionList | undefined): number =>
  list?.connections.some(isSettling) || list?.providers.some(({ pending }) => pending)
    ? SOON_MS
    : LATER_MS;

const connectionsOptions = (workspaceId: string) =>
  queryOptions({
    queryKey: [...KEY, workspaceId],
    queryFn: async ({ signal }) => (await listConnections({ signal })).data,
  });

/** All connections; asked again by the clock, and when the live feed tells of something read. */
export function useConnections() {
  const { workspace } = useMe();
  const client = useQueryClient();
  const query = useQuery({
    ...connectionsOptions(workspace.id),
    refetchInterval: ({ state }) => againAfter(state.data),
  });
  const told = useTodayTold()?.position;
  const heard = useRef(told);
  useEffect(() => {
    if (heard.current === told) return;
    // The feed may tell several times a second; a card's ages move no faster than this.
    const timer = setTimeout(() => {
      heard.current = told;
      void client.invalidateQueries({ queryKey: KEY });
    }, 2_000);
    return () => clearTimeout(timer);
  }, [told, client]);
  return query;
}

export const adAccountsOptions = (provider: ProviderName, consent: string) =>
  queryOptions({
    queryKey: ['ad-accounts', provider, consent],
    queryFn: async ({ signal }) =>
      (await listAdAccounts({ path: { provider }, query: { consent }, signal })).data,
    staleTime: 60_000,
    retry: false, // the platform was asked; whoever looks decides whether to ask again
  });

/** Leads the browser to the platform's consent page. */
export const useStartConsent = () =>
  useMutation({
    mutationFn: async (what: { provider: ProviderName; shop?: string; connection_id?: string }) => {
      const { provider, ...body } = what;
      const { data } = await startConsent({ path: { provider }, body });
      leaveFor(data.authorize_url);
    },
  });

export function useConnectAccounts(provider: ProviderName, consent: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (account_ids: string[]) =>
      (await connectAdAccounts({ path: { provider }, body: { consent, account_ids } })).data,
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

const idOf = (card: ConnectionCard) => ({ path: { connection_id: card.id } });

export const useSync = () => useChange((card) => syncConnection(idOf(card)));
export const usePause = () => useChange((card) => pauseConnection(idOf(card)));
export const useResume = () => useChange((card) => resumeConnection(idOf(card)));

/** What answers with the card as it is now, which is shown at once. */
function useChange(change: (card: ConnectionCard) => Promise<{ data: ConnectionCard }>) {
  const take = useTakeCard();
  return useMutation({ mutationFn: change, onSuccess: ({ data }) => take(data) });
}

export function useRename() {
  const take = useTakeCard();
  return useMutation({
    mutationFn: ({ card, label }: { card: ConnectionCard; label: string }) =>
      renameConnection({ ...idOf(card), body: { label } }),
    onSuccess: ({ data }) => take(data),
  });
}

export function useDisconnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (card: ConnectionCard) => disconnect(idOf(card)),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

function useTakeCard() {
  const client = useQueryClient();
  return async (card: ConnectionCard) => {
    client.setQueriesData<ConnectionList>(
      { queryKey: KEY },
      (list) =>
        list && {
          ...list,
          connections: list.connections.map((each) => (each.id === card.id ? card : each)),
        },
    );
    await client.invalidateQueries({ queryKey: KEY });
  };
}
