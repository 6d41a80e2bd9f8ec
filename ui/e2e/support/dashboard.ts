import type { Locator, Page } from '@playwright/test';
import type { Dashboard, Unit } from '../../src/api/contract.ts';
import { formatFigure } from '../../src/format/figures.ts';
import { stack } from './stack.ts';

export const UNITS: Record<string, Unit> = {
  spend: 'money_micros',
  revenue: 'money_micros',
  roas: 'ratio',
  purchases: 'count',
  cpa: 'money_micros',
  ctr: 'fraction',
  cpc: 'money_micros',
  cpm: 'money_micros',
};

/** What the API says now, for the same range as the page. */
export async function readFigures(page: Page, timeframe: string): Promise<Dashboard> {
  const answer = await page.request.get(
    `${stack.url}/dashboard/unified?timeframe=${timeframe}&comparison=off`,
  );
  if (!answer.ok()) throw new Error(`the dashboard answered ${answer.status()}`);
  return (await answer.json()) as Dashboard;
}

export const figureOf = ({ kpis }: Dashboard, metric: string): number | null =>
  kpis.find((kpi) => kpi.metric === metric)?.value ?? null;

/** The value that a tile shows, as text. */
export const tile = (page: Page, metric: string): Locator =>
  page.locator(`[data-metric="${metric}"] [data-value]`);

export const shown = (metric: string, value: number | null, currency: string): string =>
  formatFigure(value, UNITS[metric] ?? 'count', { currency });
