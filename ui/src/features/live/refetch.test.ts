import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeDashboard } from '../../../dev/fixtures/dashboard.ts';
import { changes, refetcher, snapshot } from './refetch.ts';

const shown = makeDashboard({
  from: '2026-11-15',
  to: '2026-11-21',
  timeframe: 'last_7_days',
  today: '2026-11-21',
  comparison: {
    mode: 'previous_period',
    from: '2026-11-08',
    to: '2026-11-14',
    match_weekdays: true,
  },
});
const change = (days: string[] | null) =>
  changes({
    position: shown.meta.position,
    changed: [{ projection: 'ad_windows', provider: 'meta', account_id: '1', days }],
  });

it('a change concerns the range and what it is compared with, and nothing else', () => {
  expect(change(['2026-11-21'])(shown)).toBe(true);
  expect(change(['2026-11-09'])(shown)).toBe(true);
  expect(change(['2026-11-07', '2026-10-01'])(shown)).toBe(false);
});

it('a day after the range concerns a range that ends today: its today is over', () => {
  expect(change(['2026-11-22'])(shown)).toBe(true);
  for (const timeframe of ['yesterday', 'last_month', 'custom']) {
    const fixed = { ...shown, range: { ...shown.range, timeframe } };
    expect(change(['2026-11-22'])(fixed), timeframe).toBe(false);
  }
});

it('a change without days, or before any figures, may concern everything', () => {
  expect(change(null)(shown)).toBe(true);
  expect(change(['2026-01-01'])(undefined)).toBe(true);
  expect(change(['2026-01-01'])({ ...shown, state: 'waiting-for-data' })).toBe(true);
});

it('an event without changes is about others', () => {
  const others = changes({ position: 'ad_windows.v1/ad-metrics/0=977', changed: [] });
  expect(others(shown)).toBe(false);
  expect(others(undefined)).toBe(false);
});

it('figures of another version are read anew, though nobody says what changed', () => {
  const swapped = changes({ position: 'ad_windows.v2/ad-metrics/0=42', changed: [] });
  expect(swapped(shown)).toBe(true);
});

it('a snapshot of what is shown costs no refetch', () => {
  expect(snapshot(shown.meta.position)(shown)).toBe(false);
  expect(snapshot('ad_windows.v1/ad-metrics/0=43')(shown)).toBe(true);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page's figures from a server that takes three seconds; `asked` counts its requests. */
function slowlyFetched(staleTime: number) {
  let asked = 0;
  const client = new QueryClient();
  const observer = new QueryObserver(client, {
    queryKey: ['dashboard', 'w', {}],
    queryFn: () => {
      asked += 1;
      return new Promise((resolve) => setTimeout(() => resolve(shown), 3_000));
    },
    staleTime,
  });
  const leave = observer.subscribe(() => undefined);
  return { client, asked: () => asked, leave };
}

it('news that comes during the first fetch is fetched after it', async () => {
  const { client, asked, leave } = slowlyFetched(Number.POSITIVE_INFINITY);
  await vi.advanceTimersByTimeAsync(1_000);
  const refetch = refetcher(client);
  refetch.hear(change(['2026-11-21']));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(2);
  refetch.stop();
  leave();
});

it('a first fetch that news turns out not to concern is not repeated', async () => {
  const { client, asked, leave } = slowlyFetched(0);
  const refetch = refetcher(client);
  refetch.hear(change(['2026-01-01']));
  refetch.hear(snapshot(shown.meta.position));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(1);
  refetch.stop();
  leave();
});

it('a busy stream refetches one round at a time and loses nothing', async () => {
  const { client, asked, leave } = slowlyFetched(Number.POSITIVE_INFINITY);
  await vi.advanceTimersByTimeAsync(3_000);
  const refetch = refetcher(client);
  for (let event = 0; event < 50; event += 1) {
    refetch.hear(change(['2026-11-21']));
    await vi.advanceTimersByTimeAsync(100); // ten a second, for five seconds
  }
  expect(asked()).toBe(3); // the first, one at once, one for all that came during it
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(4); // what came last is not lost
  refetch.stop();
  leave();
});
