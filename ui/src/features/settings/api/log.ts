import { infiniteQueryOptions } from '@tanstack/react-query';
import { readAuditLog } from '@/api/generated';

const AT_ONCE = 50;

/** The log of changes, newest first, a page at a time. */
export const logOptions = (workspaceId: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', workspaceId],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: AT_ONCE, ...(pageParam ? { cursor: pageParam } : {}) };
      return (await readAuditLog({ query, signal })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ page }) => (page.has_more ? page.next_cursor : null),
  });
