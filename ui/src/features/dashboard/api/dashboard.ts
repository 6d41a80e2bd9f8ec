import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { DashboardQuery } from '@/api/contract.ts';
import { readDashboard } from '@/api/generated';

export const DASHBOARD_KEY = ['dashboard'] as const;

/** All figures of the page in one answer; the stream invalidates them, so they need no polling. */
export const dashboardOptions = (workspaceId: string, query: DashboardQuery) =>
  queryOptions({
    queryKey: [...DASHBOARD_KEY, workspaceId, query],
    queryFn: async ({ signal }) => (await readDashboard({ query, signal })).data,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
