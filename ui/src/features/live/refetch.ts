import type { Query, QueryClient } from '@tanstack/react-query';
import type { Dashboard, LiveEvent } from '@/api/contract.ts';
import { DASHBOARD_KEY } from '@/features/dashboard/api/dashboard.ts';
import { overlaps } from '@/features/filters/ranges.ts';

/** Whether news concerns the figures that are held; undefined stands for none yet. */
export type Concern = (shown: Dashboard | undefined) => boolean;

/** A snapshot concerns all figures but those of its very position. */
export const snapshot =
  (position: string): Concern =>
  (shown) =>
    shown?.meta.position !== position;

/**
 * Changes concern the ranges that share a day with them, or should by now; without days, all. None
 * concern nothing: the position moves with the events of every workspace. Only where it is that of
 * another version of the figures, which nobody tells else, all are read anew.
 */
export const changes =
  ({ changed, position }: Pick<LiveEvent, 'changed' | 'position'>): Concern =>
  (shown) =>
    (shown !== undefined && versionsIn(shown.meta.position) !== versionsIn(position)) ||
    changed.some(
      ({ days }) =>
        shown?.state !== 'has-data' ||
        !days?.length ||
        overlaps(shown.range, days) ||
        isOutgrown(shown.range, days) ||
        (shown.comparison !== null && overlaps(shown.comparison, days)),
    );

/** "ad_windows.v1/ad-metrics/0=42" is of version 1 of ad_windows; the parts are sorted. */
const versionsIn = (position: string): string =>
  [...new Set(position.split(',').map((part) => part.split('/')[0]))].join();

const ENDS_TODAY = /^(today|last_\d+_days|month_to_date|year_to_date)$/;

/** A range that ends today, of a today that is over: the calendars here and there differ by a little. */
const isOutgrown = ({ timeframe, to }: Dashboard['range'], days: readonly string[]): boolean =>
  ENDS_TODAY.test(timeframe) && days.some((day) => day > to);

const held = { queryKey: DASHBOARD_KEY };
type Held = Pick<Query, 'state'>;

const isFirstFetch = ({ state }: Held): boolean =>
  state.data === undefined && state.fetchStatus !== 'idle';

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
      const isConcerned = ({ state }: Held) =>
        concerns.some((concern) => concern(state.data as Dashboard | undefined));
      // A first fetch is not begun anew, and may have been answered before the news.
      const begun = new Set<Held>(
        client.getQueryCache().findAll({ ...held, predicate: isFirstFetch }),
      );
      await Promise.all([
        client.invalidateQueries({ ...held, predicate: isConcerned }),
        new Promise((resolve) => setTimeout(resolve, spacingMs)),
      ]);
      if (stopped) return;
      await client.invalidateQueries({
        ...held,
        predicate: (query) => begun.has(query) && isConcerned(query),
      });
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
