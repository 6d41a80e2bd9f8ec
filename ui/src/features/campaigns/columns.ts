import type { Better, Dashboard, Kpi, MetricValues, Unit } from '@/api/contract.ts';
import { ORDERS, type Order } from '@/features/filters/search.ts';

export interface MetricColumn {
  metric: Order;
  label: string;
  unit: Unit;
  better: Better;
}

/** What a campaign is judged by; a metric that the answer does not know is left out. */
export function metricColumns(dashboard: Dashboard): MetricColumn[] {
  return ORDERS.flatMap((metric) => {
    const kpi: Kpi | undefined = dashboard.kpis.find((one) => one.metric === metric);
    return kpi ? [{ metric, label: kpi.label, unit: kpi.unit, better: kpi.better }] : [];
  });
}

export const figureOf = (figures: MetricValues | null, metric: string): number | null =>
  figures?.[metric] ?? null;

const STATUS_WORDS: Record<string, string> = {
  ACTIVE: 'Active',
  PAUSED: 'Paused',
  CAMPAIGN_PAUSED: 'Paused',
  ARCHIVED: 'Archived',
  DELETED: 'Deleted',
  IN_PROCESS: 'In process',
  WITH_ISSUES: 'With issues',
};

/** A platform's status in words: unknown ones are told as they are. */
export const statusWord = (status: string | null): string =>
  status ? (STATUS_WORDS[status] ?? status.toLowerCase().replaceAll('_', ' ')) : 'Unknown';
