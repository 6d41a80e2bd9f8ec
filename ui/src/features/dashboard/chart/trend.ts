import type { Comparison, Grain, ProviderChart, Unit } from '@/api/contract.ts';
import type { ChartRow } from './rows.ts';

/** One metric over time: what the chart, its tip and its table show alike. */
export interface Trend {
  title: string;
  rows: ChartRow[];
  unit: Unit;
  currency: string;
  grain: Grain;
  zone: string;
  comparison: Comparison | null;
  /** Shown beside the total; with one provider the total is its line. */
  providers: ProviderChart[];
}
