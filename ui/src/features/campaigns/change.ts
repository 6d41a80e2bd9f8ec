import type { Delta, Unit } from '@/api/contract.ts';

/** A row's change by the rules of the tiles: rates in points, amounts in percent, from zero is "new". */
export function changeOf(current: number | null, previous: number | null, unit: Unit): Delta {
  if (current === null || previous === null) return none;
  if (unit === 'fraction') return { kind: 'points', value: current - previous, reason: null };
  if (previous === 0) return current === 0 ? none : { kind: 'new', value: null, reason: null };
  return { kind: 'percent', value: (current - previous) / Math.abs(previous), reason: null };
}

const none: Delta = { kind: 'none', value: null, reason: null };
