import { expect, it } from 'vitest';
import { makeFreshness } from '../../../dev/fixtures/world.ts';
import { aged, freshnessLabel, worst } from './freshness.ts';

it('grows older by itself, without any news', () => {
  const told = makeFreshness({ lag_seconds: 30 });
  expect(freshnessLabel(aged(told, 0, 0))).toBe('Updated 30 s ago');
  expect(freshnessLabel(aged(told, 0, 120_000))).toBe('Updated 2 min ago');
});

it('turns late after two missed reads, whatever the server last said', () => {
  const told = makeFreshness({ status: 'fresh', lag_seconds: 0 });
  expect(aged(told, 0, 1_700_000).status).toBe('fresh');
  expect(aged(told, 0, 1_900_000).status).toBe('late');
});

it('the worst source speaks for all', () => {
  const sources = (['fresh', 'failing', 'late'] as const).map((status) =>
    aged(makeFreshness({ status }), 0, 0),
  );
  expect(worst(sources)?.status).toBe('failing');
  expect(worst([])).toBeNull();
});
