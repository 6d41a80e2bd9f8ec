import type { DashboardQuery } from '@/api/contract.ts';
import type { ComparisonKey, RangeKey } from './search.ts';

export interface RangePreset {
  range: Exclude<RangeKey, 'custom'>;
  label: string;
  /** The letter that chooses it from anywhere on the page. */
  key: string;
  timeframe: NonNullable<DashboardQuery['timeframe']>;
}

export const RANGE_PRESETS: readonly RangePreset[] = [
  { range: 'today', label: 'Today', key: 'D', timeframe: 'today' },
  { range: 'yesterday', label: 'Yesterday', key: 'E', timeframe: 'yesterday' },
  { range: '7d', label: 'Last 7 days', key: 'W', timeframe: 'last_7_days' },
  { range: '28d', label: 'Last 28 days', key: 'F', timeframe: 'last_28_days' },
  { range: '90d', label: 'Last 90 days', key: 'N', timeframe: 'last_90_days' },
  { range: 'mtd', label: 'Month to date', key: 'M', timeframe: 'month_to_date' },
  { range: 'lm', label: 'Last month', key: 'P', timeframe: 'last_month' },
  { range: 'ytd', label: 'Year to date', key: 'Y', timeframe: 'year_to_date' },
];

export const CUSTOM_RANGE_KEY = 'C';
export const COMPARE_KEY = 'X';

export const COMPARISON_LABELS: Record<ComparisonKey, string> = {
  dow: 'Previous period, same weekdays',
  prev: 'Previous period',
  yoy: 'Previous year',
  custom: 'Custom',
  off: 'No comparison',
};

export function rangeLabel(range: RangeKey): string {
  return RANGE_PRESETS.find((preset) => preset.range === range)?.label ?? 'Custom range';
}
