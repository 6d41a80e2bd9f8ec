import type { Delta, Unit } from '@/api/contract.ts';

/** A row's change by the rules of the tiles: rates in points, amounts in percent, from zero is "new". */
export function changeOf(compared: number | null, previous: number | null, unit: Unit): Delta {
  if (compared === null || previous === null) return told('none', null);
  if (unit === 'fraction') return told('points', compared - previous);
  if (previous === 0) return told(compared === 0 ? 'none' : 'new', null);
  return told('percent', (compared - previous) / Math.abs(previous));
}

const told = (kind: Delta['kind'], value: number | null): Delta => ({
  kind,
  value,
  reason: null,
  estimated: false,
});
