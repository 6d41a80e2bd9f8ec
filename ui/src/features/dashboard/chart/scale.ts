import type { Unit } from '@/api/contract.ts';
import type { ChartRow } from './rows.ts';

const MOST_STEPS = 5;

/** The greatest value that the chart draws; 0 where it draws none. */
export const highest = (rows: readonly ChartRow[]): number =>
  Math.max(
    0,
    ...rows.flatMap((row) => [
      row.value ?? 0,
      row.previous ?? 0,
      ...row.providers.map((value) => value ?? 0),
    ]),
  );

/** Marks from 0 to at least `top`, whose steps are 1, 2 or 5 of some power of ten. */
export function ticksUpTo(top: number, unit: Unit): number[] {
  if (top <= 0) return [0];
  const power = 10 ** Math.floor(Math.log10(top / MOST_STEPS));
  const fits = [1, 2, 5, 10].map((of) => of * power).find((step) => top / step <= MOST_STEPS);
  const step = Math.max(fits ?? 10 * power, unit === 'count' ? 1 : 0);
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, index) => index * step);
}
