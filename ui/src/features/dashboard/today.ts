import type { LiveEvent } from '@/api/contract.ts';
import { dayAt } from '@/features/filters/ranges.ts';

/** What all accounts did on the day that runs. */
export interface TodaySums {
  spend_micros: number;
  impressions: number;
  clicks: number;
}

interface Calendar {
  zone: string;
  today: string;
}

/**
 * The accounts of one currency added up; null where none has figures of a day that still runs.
 *
 * An account's day is that of its own calendar, which the feed does not name: as it was running
 * when it was told, it is over by the workspace's next midnight at the latest.
 */
export function sumsOfToday(
  { at, today: rows }: Pick<LiveEvent, 'at' | 'today'>,
  currency: string,
  { zone, today }: Calendar,
): TodaySums | null {
  const toldOn = dayAt(at, zone);
  const running = rows.filter(
    (row) => row.currency === currency && (row.day >= today || toldOn >= today),
  );
  if (running.length === 0) return null;
  const sum = (of: keyof TodaySums) => running.reduce((total, row) => total + row[of], 0);
  return {
    spend_micros: sum('spend_micros'),
    impressions: sum('impressions'),
    clicks: sum('clicks'),
  };
}
