import { expect, it } from 'vitest';
import { formatAge, formatBucket, formatDay, formatRange } from './dates.ts';

it('a calendar date is the same day in every zone', () => {
  expect(formatDay('2026-03-01', { year: true, weekday: true })).toBe('Sun, Mar 1, 2026');
});

it('a range names what differs, once', () => {
  expect(formatRange('2026-10-24', '2026-11-20')).toBe('Oct 24 – Nov 20, 2026');
  expect(formatRange('2026-11-01', '2026-11-20')).toBe('Nov 1 – 20, 2026');
  expect(formatRange('2026-11-20', '2026-11-20')).toBe('Nov 20, 2026');
  expect(formatRange('2025-12-30', '2026-01-02')).toBe('Dec 30, 2025 – Jan 2, 2026');
});

it('an hour is told in the workspace’s zone, not the browser’s', () => {
  expect(formatBucket('2026-11-20T05:00:00Z', 'hour', 'America/New_York')).toBe('00:00');
  expect(formatBucket('2026-11-20T05:00:00Z', 'hour', 'Asia/Kolkata')).toBe('10:30');
});

it('an age counts in the largest unit that fits', () => {
  expect([4, 47, 60, 3_599, 7_200, 200_000].map(formatAge)).toEqual([
    'just now',
    '40 s ago',
    '1 min ago',
    '59 min ago',
    '2 h ago',
    '2 d ago',
  ]);
});
