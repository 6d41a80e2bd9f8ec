import type { Today } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import { useArrival } from '@/components/useArrival.ts';
import { useTodayTotals } from '@/features/live/LiveProvider.tsx';
import { formatCount, formatMoney } from '@/format/figures.ts';

/** Today so far, straight from the live feed, before any refetch. */
export function TodayStrip({ currency }: { currency: string }) {
  const totals = useTodayTotals();
  const sums = totals && summed(totals, currency);
  return (
    <section
      aria-label="Today so far"
      className="flex min-h-16 w-full shrink-0 items-center justify-between gap-5 rounded-xl sm:w-auto border border-line bg-surface px-4 py-2.5 shadow-card"
    >
      <Figure
        label="Spent today"
        value={sums ? formatMoney(sums.spend_micros, currency) : '…'}
        name="spend"
      />
      <Figure
        label="Impressions"
        value={sums ? formatCount(sums.impressions) : '…'}
        name="impressions"
      />
      <Figure label="Clicks" value={sums ? formatCount(sums.clicks) : '…'} name="clicks" />
    </section>
  );
}

function Figure({ label, value, name }: { label: string; value: string; name: string }) {
  const arriving = useArrival(value, value === '…' ? 'none' : 'told');
  return (
    <div className="min-w-0">
      <p className="whitespace-nowrap text-[12px] text-muted">{label}</p>
      <p
        data-today={name}
        className={cx('figures font-semibold text-[15px]', arriving && 'arriving')}
      >
        {value}
      </p>
    </div>
  );
}

/** Accounts in another currency cannot be added here; the server's figures convert or name them. */
function summed(totals: readonly Today[], currency: string) {
  const sums = { spend_micros: 0, impressions: 0, clicks: 0 };
  for (const account of totals) {
    if (account.currency !== currency) continue;
    sums.spend_micros += account.spend_micros;
    sums.impressions += account.impressions;
    sums.clicks += account.clicks;
  }
  return sums;
}
