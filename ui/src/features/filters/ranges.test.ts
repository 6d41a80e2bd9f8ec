import { describe, expect, it } from 'vitest';
import { comparisonSpan, daysIn, spanOf, stepped } from './ranges.ts';

const NOW = '2026-11-21'; // a Saturday

describe('a range', () => {
  it('of N days ends with today', () => {
    expect(spanOf('28d', NOW)).toEqual({ from: '2026-10-25', to: NOW });
    expect(daysIn(spanOf('90d', NOW))).toBe(90);
    expect(spanOf('today', NOW)).toEqual({ from: NOW, to: NOW });
    expect(spanOf('yesterday', NOW)).toEqual({ from: '2026-11-20', to: '2026-11-20' });
  });

  it('of a month knows how long months are', () => {
    expect(spanOf('lm', '2026-03-31')).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(spanOf('lm', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(spanOf('mtd', NOW).from).toBe('2026-11-01');
    expect(spanOf('ytd', NOW).from).toBe('2026-01-01');
  });

  it('of one’s own is put in order, and one end serves for both', () => {
    expect(spanOf('custom', NOW, { from: '2026-05-09', to: '2026-05-01' })).toEqual({
      from: '2026-05-01',
      to: '2026-05-09',
    });
    expect(spanOf('custom', NOW, { from: '2026-05-09' }).to).toBe('2026-05-09');
  });
});

describe('a comparison', () => {
  it('with weekdays goes back whole weeks, so that Saturdays meet Saturdays', () => {
    const current = { from: '2026-11-12', to: NOW }; // 10 days
    expect(comparisonSpan('dow', 'custom', current)).toEqual({
      from: '2026-10-29',
      to: '2026-11-07',
    });
    expect(comparisonSpan('prev', 'custom', current)).toEqual({
      from: '2026-11-02',
      to: '2026-11-11',
    });
  });

  it('of a month or a year goes back by the calendar', () => {
    expect(comparisonSpan('prev', 'ytd', spanOf('ytd', NOW))).toEqual({
      from: '2025-01-01',
      to: '2025-11-21',
    });
    expect(comparisonSpan('prev', 'lm', spanOf('lm', NOW))).toEqual({
      from: '2026-09-01',
      to: '2026-09-30',
    });
    expect(comparisonSpan('prev', 'mtd', spanOf('mtd', '2026-03-31'))).toEqual({
      from: '2026-02-01',
      to: '2026-02-28',
    });
  });

  it('of a month with weekdays takes the nearest weeks that keep the two apart', () => {
    expect(comparisonSpan('dow', 'mtd', spanOf('mtd', '2026-11-05'))).toEqual({
      from: '2026-10-04',
      to: '2026-10-08',
    });
    expect(comparisonSpan('dow', 'lm', spanOf('lm', NOW))).toEqual({
      from: '2026-08-27',
      to: '2026-09-26',
    });
  });

  it('with last year keeps the dates, the leap day too', () => {
    expect(comparisonSpan('yoy', 'custom', { from: '2028-02-29', to: '2028-02-29' })).toEqual({
      from: '2027-02-28',
      to: '2027-02-28',
    });
  });

  it('that is off, or custom without dates, is none', () => {
    expect(comparisonSpan('off', '7d', spanOf('7d', NOW))).toBeNull();
    expect(comparisonSpan('custom', '7d', spanOf('7d', NOW))).toBeNull();
  });
});

it('a step moves by the length of the range', () => {
  expect(stepped({ from: '2026-11-15', to: NOW }, -1)).toEqual({
    from: '2026-11-08',
    to: '2026-11-14',
  });
});
