import { expect, it } from 'vitest';
import { makeFreshness } from '../../../dev/fixtures/freshness.ts';
import { aged, freshnessLabel, worst } from './freshness.ts';

it('grows older by itself, without any news', () => {
  const told = makeFreshness({ lag_seconds: 30 });
  expect(freshnessLabel(aged(told, 0, 0))).toBe('Updated 30 s ago');
  expect(freshnessLabel(aged(told, 0, 120_000))).toBe('Updated 2 min ago');
});

it('turns late by the server’s own measure, without waiting to be told', () => {
  const told = makeFreshness({ status: 'fresh', lag_seconds: 50, late_after_seconds: 2_100 });
  expect(aged(told, 0, 2_050_000).status).toBe('fresh');
  expect(aged(told, 0, 2_051_000).status).toBe('late');
});

it('the worst source speaks for all', () => {
  const sources = (['fresh', 'failing', 'late'] as const).map((status) =>
    aged(makeFreshness({ status }), 0, 0),
  );
  expect(worst(sources)?.status).toBe('failing');
  expect(worst([])).toBeNull();
});
