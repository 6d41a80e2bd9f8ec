import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Dashboard } from '@/api/contract.ts';
import { request } from '@/api/request.ts';

export const DASHBOARD_KEY = ['dashboard'] as const;

/** All figures of the page in one answer; the stream invalidates them, so they need no polling. */
export const dashboardOptions = (workspaceId: string, query: Record<string, string>) =>
  queryOptions({
    queryKey: [...DASHBOARD_KEY, workspaceId, query],
    queryFn: ({ signal }) => request<Dashboard>('/dashboard/unified', { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
