import type { Freshness } from '@/api/contract.ts';
import { formatAge } from '@/format/dates.ts';

export type FreshnessStatus = Freshness['status'];

const ORDER: FreshnessStatus[] = ['fresh', 'late', 'waiting', 'failing'];

export interface AgedFreshness extends Freshness {
  ageSeconds: number | null;
}

/** Freshness as it stands now: it was true at `toldAt` (the page's clock) and has aged since. */
export function aged(source: Freshness, toldAt: number, now: number): AgedFreshness {
  if (source.lag_seconds === null) return { ...source, ageSeconds: null };
  const ageSeconds = source.lag_seconds + Math.max(0, (now - toldAt) / 1_000);
  const late = source.status === 'fresh' && ageSeconds > source.late_after_seconds;
  return { ...source, ageSeconds, status: late ? 'late' : source.status };
}

/** The worst of the sources speaks for all. */
export function worst(sources: readonly AgedFreshness[]): AgedFreshness | null {
  return (
    [...sources].sort(
      (one, other) =>
        ORDER.indexOf(other.status) - ORDER.indexOf(one.status) ||
        (other.ageSeconds ?? 0) - (one.ageSeconds ?? 0),
    )[0] ?? null
  );
}

export function freshnessLabel({ status, ageSeconds }: AgedFreshness): string {
  const age = ageSeconds === null ? null : formatAge(ageSeconds);
  switch (status) {
    case 'fresh':
      return age ? `Updated ${age}` : 'Up to date';
    case 'late':
      return age ? `Late: ${age}` : 'Late';
    case 'failing':
      return 'Sync failing';
    case 'waiting':
      return 'First sync pending';
  }
}
