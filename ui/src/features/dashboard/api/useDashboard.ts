import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Dashboard } from '@/api/contract.ts';
import { asProblem, mayPass, type Problem } from '@/api/problem.ts';
import { useOnline } from '@/components/useOnline.ts';
import { dashboardQuery, type Filters } from '@/features/filters/filters.ts';
import type { Sort } from '@/features/filters/search.ts';
import { useMe } from '@/features/session/api/me.ts';
import { DASHBOARD_KEY, dashboardOptions } from './dashboard.ts';

/** All that a page with figures can be. Forbidden is a problem. */
export type View<T> =
  | { state: 'loading' | 'offline' }
  | { state: 'needs-setup' }
  | { state: 'waiting'; data: T; toldAt: number }
  | { state: 'failed'; problem: Problem; retry: () => void }
  | {
      state: 'unread' | 'filtered-empty' | 'ready';
      data: T;
      toldAt: number;
      stale: Problem | null;
    };

export interface DashboardView {
  view: View<Dashboard>;
  /** A refetch runs while older figures stay on screen. */
  refetching: boolean;
}

const AGAIN_MS = 5_000;

/** The figures for the filters in the address; the live feed, and a new day, invalidate them. */
export function useDashboard(filters: Filters, sort: Sort, today: string): DashboardView {
  const { workspace } = useMe();
  const online = useOnline();
  const query = useQuery({
    ...dashboardOptions(workspace.id, dashboardQuery(filters, sort)),
    refetchInterval: ({ state: { data, error } }) => {
      // Before the first figures, and after a failure, there may be no event to wait for.
      const waits = data !== undefined && data.state !== 'has-data';
      return waits || (error && mayPass(asProblem(error))) ? AGAIN_MS : false;
    },
  });
  const { data, error, isPlaceholderData } = query;

  const client = useQueryClient();
  const shownOn = useRef(today);
  useEffect(() => {
    if (shownOn.current === today) return;
    shownOn.current = today;
    // "Last 28 days" are other days now, and nothing new need have happened to say so.
    void client.invalidateQueries({ queryKey: DASHBOARD_KEY });
  }, [client, today]);

  const view = ((): View<Dashboard> => {
    if (!data || (error && isPlaceholderData)) {
      if (error) return { state: 'failed', problem: asProblem(error), retry: query.refetch };
      return { state: query.fetchStatus === 'paused' || !online ? 'offline' : 'loading' };
    }
    const toldAt = query.dataUpdatedAt || Date.now();
    if (data.state === 'needs-setup') return { state: 'needs-setup' };
    if (data.state === 'waiting-for-data') return { state: 'waiting', data, toldAt };
    const stale = error ? asProblem(error) : null;
    return { state: told(data), data, toldAt, stale };
  })();
  return { view, refetching: query.isFetching && data !== undefined };
}

/** A range without delivery is told in zeros; one of which nothing was read has no value at all. */
function told({ kpis, top_campaigns }: Dashboard): 'unread' | 'filtered-empty' | 'ready' {
  if (top_campaigns.rows.length > 0) return 'ready';
  if (kpis.every(({ value }) => value === null)) return 'unread';
  return kpis.every(({ value }) => !value) ? 'filtered-empty' : 'ready';
}
