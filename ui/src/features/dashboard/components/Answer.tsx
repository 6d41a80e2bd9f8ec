import type { Dashboard, Kpi } from '@/api/contract.ts';
import { rangeLabel } from '@/features/filters/presets.ts';
import type { RangeKey } from '@/features/filters/search.ts';
import { formatRange } from '@/format/dates.ts';
import { describeDelta, type Meaning } from '@/format/delta.ts';
import { decimalsOf, formatMoney } from '@/format/figures.ts';

const INKS: Record<Meaning, string> = { good: 'text-good', bad: 'text-bad', neutral: 'text-soft' };
const MICROS = 1_000_000;

/** The question that metricx exists for, and what the figures say to it. */
export function Answer({ dashboard, range: key }: { dashboard: Dashboard; range: RangeKey }) {
  const { range, kpis, comparison } = dashboard;
  const days = formatRange(range.from, range.to);
  return (
    <div className="min-w-0">
      <h1 className="text-[13px] text-muted">Is my ad money working?</h1>
      <p className="mt-0.5 max-w-2xl text-balance font-semibold text-[19px] leading-snug tracking-tight sm:text-[22px]">
        {sentence(dashboard, kpis)}
      </p>
      <p className="mt-1 text-[12.5px] text-muted">
        {key === 'custom' ? days : `${rangeLabel(key)}, ${days}`} in {range.zone} · as the ad
        platforms report it
      </p>
      {comparison?.note && <p className="text-[12.5px] text-muted">{comparison.note}</p>}
    </div>
  );
}

function sentence({ currency, comparison, range }: Dashboard, kpis: readonly Kpi[]) {
  const find = (metric: string) => kpis.find((kpi) => kpi.metric === metric);
  const spend = find('spend');
  const roas = find('roas');
  if (!spend?.value) return 'No ad money was spent on these days.';
  if (!roas?.value)
    return `${formatMoney(spend.value, currency)} spent; the platforms report no sales for it.`;
  // Of a yen there is no half: a hundred tell what one cannot.
  const stake = (decimalsOf(currency) === 0 ? 100 : 1) * MICROS;
  const change = describeDelta(roas.delta, roas.better);
  // Within a running day the change is that of its whole hours, not of the value told here.
  const whole = comparison && !(comparison.until && range.grain === 'hour');
  const told = whole && (roas.delta.kind === 'percent' || roas.delta.kind === 'points');
  return (
    <>
      Every {formatMoney(stake, currency)} of ads brought back{' '}
      {formatMoney(Math.round(roas.value * stake), currency)}
      {told && change.direction !== 'flat' && (
        <>
          ,{' '}
          <span className={INKS[change.meaning]}>
            {change.direction} {roas.delta.estimated && 'about '}
            {change.text.replace(/[≈+−\s]/g, '')}
          </span>
        </>
      )}
      .
    </>
  );
}
