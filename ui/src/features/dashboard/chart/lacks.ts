import type { Dashboard } from '@/api/contract.ts';
import { dayAt } from '@/features/filters/ranges.ts';

/** Why a bucket is not whole: it still runs (or is to come), or it is over and was not read to its end. */
export type Lack = 'running' | 'unread';

/**
 * What each bucket of the charts lacks; null where it is whole. The API says of both alike that
 * they are partial, and says so of a bucket as soon as one account lags.
 */
export function lacksOf({ charts, range, meta }: Dashboard): (Lack | null)[] {
  const now = Date.parse(meta.generated_at);
  const today = dayAt(meta.generated_at, range.zone);
  const isOver = (at: string, next: string | undefined) => {
    if (range.grain === 'day') return at < today;
    return next ? Date.parse(next) <= now : range.to < today;
  };
  return charts.buckets.map(({ at, partial }, index) => {
    if (!partial) return null;
    return isOver(at, charts.buckets[index + 1]?.at) ? 'unread' : 'running';
  });
}

/** What the whole range lacks: days that should have been read weigh more than one that runs. */
export function lackOf(dashboard: Dashboard): Lack | null {
  const lacks = lacksOf(dashboard);
  return lacks.find((lack) => lack === 'unread') ?? lacks.find((lack) => lack !== null) ?? null;
}
