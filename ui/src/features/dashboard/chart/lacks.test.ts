import { expect, it } from 'vitest';
import { makeDashboard } from '../../../../dev/fixtures/dashboard.ts';
import { behind } from '../../../../dev/fixtures/states.ts';
import { lackOf, lacksOf } from './lacks.ts';
import { chartSummary } from './summary.ts';

const week = () => made({ from: '2026-11-15', to: '2026-11-21' }, '2026-11-21T19:20:00Z');

function made(span: { from: string; to: string }, now: string) {
  const dashboard = makeDashboard({
    ...span,
    timeframe: 'custom',
    today: '2026-11-21',
    comparison: null,
  });
  dashboard.meta.generated_at = now;
  return dashboard;
}

it('a day that runs is not over, and nothing else is the matter', () => {
  expect(lacksOf(week()).slice(-2)).toEqual([null, 'running']);
  expect(lackOf(week())).toBe('running');
});

it('days that are over and were not read to their end are not called running', () => {
  const late = week();
  behind(late, 3);
  expect(lacksOf(late).slice(-4)).toEqual([null, 'unread', 'unread', 'running']);
  expect(lackOf(late)).toBe('unread');
});

it('a day is over by the calendar of the workspace', () => {
  const late = made({ from: '2026-11-15', to: '2026-11-20' }, '2026-11-21T04:30:00Z');
  behind(late, 1);
  expect(lackOf(late)).toBe('running'); // 23:30 in New York
  late.meta.generated_at = '2026-11-21T05:30:00Z';
  expect(lackOf(late)).toBe('unread');
});

it('of today’s hours only those that have passed can be unread', () => {
  const today = made({ from: '2026-11-21', to: '2026-11-21' }, '2026-11-21T19:20:00Z'); // 14:20
  expect(lackOf(today)).toBe('running');
  behind(today, 12);
  expect(lacksOf(today).slice(11, 15)).toEqual([null, 'unread', 'unread', 'running']);
});

it('the chart’s sentence does not call days unfinished that were not read', () => {
  const spend = (dashboard: ReturnType<typeof week>) => {
    const [kpi] = dashboard.kpis;
    if (!kpi) throw new Error('no tile');
    return chartSummary(dashboard, kpi);
  };
  expect(spend(week())).toMatch(/the last day is not over\.$/);
  const late = week();
  behind(late, 3);
  expect(spend(late)).toMatch(/some days were not read whole yet\.$/);
});
