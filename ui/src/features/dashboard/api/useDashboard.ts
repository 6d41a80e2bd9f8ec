import { useQuery } from '@tanstack/react-query';
import type { Dashboard } from '@/api/contract.ts';
import { asProblem, type Problem } from '@/api/problem.ts';
import { useOnline } from '@/components/useOnline.ts';
import { dashboardQuery, type Filters } from '@/features/filters/filters.ts';
import type { Order } from '@/features/filters/search.ts';
import { useMe } from '@/features/session/api/me.ts';
import { dashboardOptions } from './dashboard.ts';

/** All that a page with figures can be. Forbidden is a problem. */
export type View<T> =
  | { state: 'loading' | 'offline' }
  | { state: 'needs-setup' }
  | { state: 'waiting'; data: T; toldAt: number }
  | { state: 'failed'; problem: Problem; retry: () => void }
  | { state: 'filtered-empty' | 'ready'; data: T; toldAt: number; stale: Problem | null };

export interface DashboardView {
  view: View<Dashboard>;
  /** A refetch runs while older figures stay on screen. */
  refetching: boolean;
}

const WAITING_POLL_MS = 5_000;

/** The figures for the filters in the address; the live feed invalidates them. */
export function useDashboard(filters: Filters, order: Order): DashboardView {
  const { workspace } = useMe();
  const online = useOnline();
  const query = useQuery({
    ...dashboardOptions(workspace.id, dashboardQuery(filters, order)),
    // Before the first figures there may be no event to wait for.
    refetchInterval: ({ state }) =>
      state.data && state.data.state !== 'has-data' ? WAITING_POLL_MS : false,
  });
  const { data, error, isPlaceholderData } = query;

  const view = ((): View<Dashboard> => {
    if (!data || (error && isPlaceholderData)) {
      if (error) return { state: 'failed', problem: asProblem(error), retry: query.refetch };
      return { state: query.fetchStatus === 'paused' || !online ? 'offline' : 'loading' };
    }
    const toldAt = query.dataUpdatedAt || Date.now();
    if (data.state === 'needs-setup') return { state: 'needs-setup' };
    if (data.state === 'waiting-for-data') return { state: 'waiting', data, toldAt };
    const stale = error ? asProblem(error) : null;
    return { state: isEmpty(data) ? 'filtered-empty' : 'ready', data, toldAt, stale };
  })();
  return { view, refetching: query.isFetching && data !== undefined };
}

/** No figure at all in the range: a range before the first day, or one without any delivery. */
function isEmpty({ kpis, top_campaigns }: Dashboard): boolean {
  return top_campaigns.rows.length === 0 && kpis.every(({ value }) => !value);
}
