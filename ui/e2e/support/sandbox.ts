import { type Requests, stack } from './stack.ts';

interface Sums {
  spend_micros: number;
  impressions: number;
  clicks: number;
  /** Goal, window, count in millionths, value in micros. */
  conversions: [string, string, number, number][];
}

interface AccountTruth {
  account_id: string;
  currency: string;
  totals: Sums;
  campaigns: ({ campaign_id: string; name: string } & Sums)[];
}

/** Stops the simulated clock, so that figures stand still until somebody spends. */
export const hold = (requests: Requests) => order(requests, 'clock', { action: 'hold' });
export const go = (requests: Requests) => order(requests, 'clock', { action: 'go' });

/** Spends now, on an ad that runs. */
export const spend = (
  requests: Requests,
  more: { spend: string; impressions: number; clicks: number },
) => order(requests, 'spend', more);

/** What the platform's own books say of the shop's account in a range, both ends included. */
export async function truth(requests: Requests, from: string, to: string): Promise<AccountTruth[]> {
  const health = await requests.get(`${stack.sandbox}/admin/health`);
  const { accounts: known } = (await health.json()) as { accounts: { account_id: string }[] };
  const query = new URLSearchParams({
    provider: 'meta',
    account_id: known[0]?.account_id ?? '', // the others belong to no workspace of the demo
    from,
    to,
    levels: 'account',
    hours: 'false',
  });
  const answer = await requests.get(`${stack.sandbox}/admin/truth?${query}`, { timeout: 60_000 });
  if (!answer.ok()) throw new Error(`truth answered ${answer.status()}: ${await answer.text()}`);
  const { accounts } = (await answer.json()) as { accounts: AccountTruth[] };
  return accounts;
}

/** The tiles' values that follow from the truth, by their formulas; null where a ratio has none. */
export function tilesOf(accounts: AccountTruth[]): Record<string, number | null> {
  const all = (figure: 'spend_micros' | 'impressions' | 'clicks') =>
    accounts.reduce((sum, { totals }) => sum + totals[figure], 0);
  const converted = (goals: string[], place: 2 | 3) =>
    accounts
      .flatMap(({ totals }) => totals.conversions)
      .filter(([goal, window]) => window === 'default' && goals.includes(goal))
      .reduce((sum, row) => sum + row[place], 0);
  const over = (above: number, below: number) => (below === 0 ? null : above / below);
  const spent = all('spend_micros');
  const clicks = all('clicks');
  const impressions = all('impressions');
  const purchases = converted(['purchase'], 2) / 1e6;
  const conversions = converted(['purchase', 'lead', 'install'], 2) / 1e6;
  const revenue = converted(['purchase'], 3);
  return {
    spend: spent,
    revenue,
    roas: over(revenue, spent),
    purchases,
    cpa: over(spent, conversions),
    ctr: over(clicks, impressions),
    cpc: over(spent, clicks),
    cpm: over(spent * 1_000, impressions),
  };
}

async function order(requests: Requests, what: string, data: object): Promise<void> {
  const answer = await requests.post(`${stack.sandbox}/admin/${what}`, { data });
  if (!answer.ok()) throw new Error(`${what} answered ${answer.status()}: ${await answer.text()}`);
}
