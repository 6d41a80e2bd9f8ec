import type { Dashboard, Kpi } from '@/api/contract.ts';
import { formatDay } from '@/format/dates.ts';
import { type Lack, lacksOf } from './lacks.ts';

/** One bucket of the main chart. */
export interface ChartRow {
  at: string;
  /** Why the bucket is not whole; null where it is. */
  lack: Lack | null;
  /** The finished part of the line; null in an unfinished bucket. */
  whole: number | null;
  /** The unfinished end, with the last finished bucket so that the two lines meet. */
  open: number | null;
  value: number | null;
  previous: number | null;
  /** The day that `previous` belongs to; null for hours and where there is none. */
  previousDay: string | null;
  /** One value for each provider, in the order of `charts.providers`. */
  providers: (number | null)[];
}

/** The chosen metric's buckets, as the chart and its table show them. */
export function chartRows(dashboard: Dashboard, kpi: Kpi): ChartRow[] {
  const { comparison, range, charts } = dashboard;
  const lacks = lacksOf(dashboard);
  return kpi.series.map((point, index) => {
    const before = point.partial ? null : point.value;
    const meets = point.partial || kpi.series[index + 1]?.partial === true;
    return {
      at: point.at,
      lack: lacks[index] ?? null,
      whole: before,
      open: meets ? point.value : null,
      value: point.value,
      previous: point.previous,
      previousDay: comparison && range.grain === 'day' ? dayAfter(comparison.from, index) : null,
      providers: charts.providers.map(({ metrics }) => metrics[kpi.metric]?.[index] ?? null),
    };
  });
}

/** What stands beside the value of a bucket that is not whole. */
export const LACK_MARKS: Record<Lack, string> = {
  running: 'so far',
  unread: 'not read whole yet',
};

function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export const previousLabel = ({ previousDay }: ChartRow): string =>
  previousDay ? formatDay(previousDay, { weekday: true }) : 'The other period';
