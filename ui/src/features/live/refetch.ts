import type { QueryClient } from '@tanstack/react-query';
import type { Changed, Dashboard } from '@/api/contract.ts';
import { DASHBOARD_KEY } from '@/features/dashboard/api/dashboard.ts';
import { overlaps } from '@/features/filters/ranges.ts';

/** True if figures on show may differ after these changes; without days, everything may. */
export function touches(shown: Dashboard | undefined, changes: readonly Changed[]): boolean {
  if (shown?.state !== 'has-data' || changes.length === 0) return true;
  return changes.some(({ days }) => {
    if (!days || days.length === 0) return true;
    return (
      overlaps(shown.range, days) || (shown.comparison !== null && overlaps(shown.comparison, days))
    );
  });
}

/**
 * Refetches what a change touches, at most once in `spacingMs`, and once more if a change came in
 * between; so a busy stream never cancels its own refetches.
 */
export function refetcher(client: QueryClient, spacingMs = 1_000) {
  let pending: Changed[] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run() {
    const changes = pending ?? [];
    pending = null;
    timer = setTimeout(() => {
      timer = undefined;
      if (pending) void run();
    }, spacingMs);
    await client.invalidateQueries(
      {
        queryKey: DASHBOARD_KEY,
        predicate: (query) => touches(query.state.data as Dashboard | undefined, changes),
      },
      { cancelRefetch: true },
    );
  }

  return {
    changed(changes: Changed[]) {
      // An empty list means "anything": a snapshot after a gap.
      pending =
        pending === null
          ? changes
          : changes.length && pending.length
            ? [...pending, ...changes]
            : [];
      if (!timer) void run();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      pending = null;
    },
  };
}
