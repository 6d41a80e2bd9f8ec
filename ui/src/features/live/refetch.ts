import type { QueryClient } from '@tanstack/react-query';
import type { Changed, Dashboard } from '@/api/contract.ts';
import { DASHBOARD_KEY } from '@/features/dashboard/api/dashboard.ts';
import { overlaps } from '@/features/filters/ranges.ts';

/** Whether news concerns the figures that are held; undefined stands for none yet. */
export type Concern = (shown: Dashboard | undefined) => boolean;

/** A snapshot concerns all figures but those of its very position. */
export const snapshot =
  (position: string): Concern =>
  (shown) =>
    shown?.meta.position !== position;

/** Changes concern the ranges that share a day with them, or should by now; without days, all. */
export const changes =
  (list: readonly Changed[]): Concern =>
  (shown) =>
    shown?.state !== 'has-data' ||
    list.length === 0 ||
    list.some(
      ({ days }) =>
        !days?.length ||
        overlaps(shown.range, days) ||
        isOutgrown(shown.range, days) ||
        (shown.comparison !== null && overlaps(shown.comparison, days)),
    );

const ENDS_TODAY = /^(today|last_\d+_days|month_to_date|year_to_date)$/;

/** A range that ends today, of a today that is over: the calendars here and there differ by a little. */
const isOutgrown = ({ timeframe, to }: Dashboard['range'], days: readonly string[]): boolean =>
  ENDS_TODAY.test(timeframe) && days.some((day) => day > to);

/**
 * Refetches what news concerns: one round at a time, at most one in `spacingMs`, and one more for
 * what came in between. So a busy stream neither misses anything nor cancels its own refetches.
 */
export function refetcher(client: QueryClient, spacingMs = 1_000) {
  let pending: Concern[] = [];
  let running = false;
  let stopped = false;

  async function run() {
    running = true;
    while (pending.length > 0 && !stopped) {
      const concerns = pending;
      pending = [];
      await Promise.all([
        client.invalidateQueries({
          queryKey: DASHBOARD_KEY,
          predicate: ({ state }) =>
            concerns.some((concern) => concern(state.data as Dashboard | undefined)),
        }),
        new Promise((resolve) => setTimeout(resolve, spacingMs)),
      ]);
    }
    running = false;
  }

  return {
    hear(concern: Concern) {
      pending.push(concern);
      if (!running) void run();
    },
    stop() {
      stopped = true;
    },
  };
}
