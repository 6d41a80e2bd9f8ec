import { expect, it } from 'vitest';
import { makeCard, makeCards } from '../../../dev/fixtures/connections.ts';
import { againAfter } from './api/connections.ts';
import { accessText, lastRunText, percentOf, restatedText, statusOf } from './states.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;
const at = (ms: number) => new Date(NOW + ms).toISOString();
const zone = 'UTC';

it('every state has a word and a tone of its own meaning', () => {
  const told = makeCards().map((card) => [card.state, statusOf(card, 'Meta', NOW, zone)] as const);
  expect(new Set(told.map(([, { word }]) => word)).size).toBe(told.length);
  expect(Object.fromEntries(told.map(([state, { tone }]) => [state, tone]))).toEqual({
    healthy: 'good',
    waiting: 'busy',
    backfilling: 'busy',
    late: 'warn',
    'rate-limited': 'warn',
    failing: 'bad',
    paused: 'neutral',
    disconnected: 'neutral',
    'ready-soon': 'neutral',
  });
});

it('says until when a platform asked to wait, and how far a backfill is', () => {
  const waits = makeCard({ state: 'rate-limited', rate_limited_until: at(600_000) });
  expect(statusOf(waits, 'Meta', NOW, zone).word).toBe('Rate-limited until Nov 21, 12:10');
  const reads = makeCard({ state: 'backfilling', progress: { done: 38, total: 90 } });
  expect(statusOf(reads, 'Meta', NOW, zone).word).toBe('Reading its history: 42 %');
});

it.each([
  [{ done: 0, total: 0 }, 0],
  [{ done: 899, total: 900 }, 99],
  [{ done: 900, total: 900 }, 100],
  [{ done: 12, total: 9 }, 100],
  [null, 0],
])('of a backfill, %o is %i %%', (progress, percent) => {
  expect(percentOf({ progress })).toBe(percent);
});

it.each([
  [null, 'Without an end', 'neutral'],
  [at(52 * DAY), 'Until Jan 12, 2027', 'neutral'],
  [at(7 * DAY), 'Until Nov 28, 2026', 'neutral'],
  [at(7 * DAY - 1), 'Ends in 7 d, on Nov 28, 2026', 'warn'],
  [at(3 * 3_600_000), 'Ends in 3 h, on Nov 21, 2026', 'warn'],
  [at(-1), 'Ended on Nov 21, 2026', 'bad'],
])('access until %s is told as %s', (token_expires_at, text, tone) => {
  expect(accessText({ token_expires_at, state: 'healthy' }, NOW, zone)).toEqual({ text, tone });
});

it('counts rows and changes of the last run, or says how it ended', () => {
  const run = { finished_at: at(0), outcome: 'ok' as const, rows: 1_204, events: 1 };
  expect(lastRunText(makeCard({ last_run: run }))).toBe('1,204 rows, 1 event');
  expect(lastRunText(makeCard({ last_run: { ...run, outcome: 'failed' } }))).toBe('Failed');
  expect(lastRunText(makeCard({ last_run: null }))).toBe('None yet');
  expect([0, 1, 28].map(restatedText)).toEqual([
    'Today only',
    '1 day back, daily',
    '28 days back, daily',
  ]);
});

it('asks again soon only while something is about to change', () => {
  const list = (...connections: ReturnType<typeof makeCard>[]) => ({ providers: [], connections });
  expect(againAfter(list(makeCard()))).toBe(30_000);
  expect(againAfter(list(makeCard(), makeCard({ state: 'backfilling' })))).toBe(5_000);
  expect(againAfter(list(makeCard({ state: 'waiting' })))).toBe(5_000);
  expect(againAfter(undefined)).toBe(30_000);
});
