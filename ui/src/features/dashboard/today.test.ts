import { expect, it } from 'vitest';
import { makePayload } from '../../../dev/fixtures/live.ts';
import { sumsOfToday } from './today.ts';

const zone = 'America/New_York';
const told = (day: string, at: string) => ({ ...makePayload(day, 5_000_000), at });

it('today’s spend counts no day that is over', () => {
  const late = told('2026-11-20', '2026-11-21T04:59:00Z'); // a minute before midnight
  expect(sumsOfToday(late, 'USD', { zone, today: '2026-11-20' })?.spend_micros).toBe(5_000_000);
  expect(sumsOfToday(late, 'USD', { zone, today: '2026-11-21' })).toBeNull();
});

it('today’s spend counts the day of an account whose calendar is behind or ahead', () => {
  const west = told('2026-11-20', '2026-11-21T06:00:00Z'); // 01:00 here, 22:00 in Los Angeles
  expect(sumsOfToday(west, 'USD', { zone, today: '2026-11-21' })).not.toBeNull();
  expect(sumsOfToday(west, 'USD', { zone, today: '2026-11-22' })).toBeNull();
  const east = told('2026-11-21', '2026-11-20T23:30:00Z'); // 18:30 here, 00:30 in Berlin
  expect(sumsOfToday(east, 'USD', { zone, today: '2026-11-20' })).not.toBeNull();
});

it('today’s spend is not zero where no account was read today', () => {
  const nothing = { ...told('2026-11-20', '2026-11-20T15:00:00Z'), today: [] };
  expect(sumsOfToday(nothing, 'USD', { zone, today: '2026-11-20' })).toBeNull();
});

it('today’s spend leaves out what cannot be added', () => {
  const dollars = told('2026-11-20', '2026-11-20T15:00:00Z');
  expect(sumsOfToday(dollars, 'EUR', { zone, today: '2026-11-20' })).toBeNull();
});
