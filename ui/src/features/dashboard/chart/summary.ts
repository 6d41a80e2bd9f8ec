import type { Dashboard, Kpi } from '@/api/contract.ts';
import { formatBucket, formatRange } from '@/format/dates.ts';
import { describeDelta } from '@/format/delta.ts';
import { formatFigure } from '@/format/figures.ts';
import { lackOf } from './lacks.ts';

/** The chart in one sentence, for whoever hears it. */
export function chartSummary(dashboard: Dashboard, kpi: Kpi): string {
  const { range, comparison, currency } = dashboard;
  const say = (value: number | null) => formatFigure(value, kpi.unit, { currency });
  const when = formatRange(range.from, range.to);
  if (kpi.value === null) return `${kpi.label}, ${when}: no value.`;
  const parts = [`${kpi.label}, ${when}: ${say(kpi.value)}`];
  if (comparison && kpi.delta.kind !== 'none') {
    const change = describeDelta(kpi.delta, kpi.better).spoken;
    parts.push(
      `${change}, against ${say(kpi.previous)} in ${formatRange(comparison.from, comparison.to)}`,
    );
  }
  const whole = kpi.series.filter(({ value, partial }) => value !== null && !partial);
  const peak = whole.toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0))[0];
  const floor = whole.toSorted((one, other) => (one.value ?? 0) - (other.value ?? 0))[0];
  if (peak && floor && whole.length > 2) {
    const name = (at: string) => formatBucket(at, range.grain, range.zone);
    parts.push(
      `highest ${name(peak.at)} with ${say(peak.value)}, lowest ${name(floor.at)} with ${say(floor.value)}`,
    );
  }
  const lack = lackOf(dashboard);
  if (lack === 'running') parts.push(`the last ${range.grain} is not over`);
  if (lack === 'unread') parts.push(`some ${range.grain}s were not read whole yet`);
  return `${parts.join('; ')}.`;
}
