import { cx } from '@/components/ui/classes.ts';
import { useArrival } from '@/components/useArrival.ts';
import { useTodayTold } from '@/features/live/LiveProvider.tsx';
import { formatFigure } from '@/format/figures.ts';
import { sumsOfToday, type TodaySums } from '../today.ts';

interface Props {
  currency: string;
  zone: string;
  /** The day that the workspace's calendar shows. */
  today: string;
}

const FIGURES = [
  { label: 'Spent today', name: 'spend', of: 'spend_micros', unit: 'money_micros' },
  { label: 'Impressions', name: 'impressions', of: 'impressions', unit: 'count' },
  { label: 'Clicks', name: 'clicks', of: 'clicks', unit: 'count' },
] as const satisfies { label: string; name: string; of: keyof TodaySums; unit: string }[];

/** Today so far, straight from the live feed, before any refetch. */
export function TodayStrip({ currency, zone, today }: Props) {
  const told = useTodayTold();
  const sums = told && sumsOfToday(told, currency, { zone, today });
  return (
    <section
      aria-label="Today so far"
      className="flex min-h-16 w-full shrink-0 items-center justify-between gap-5 rounded-xl sm:w-auto border border-line bg-surface px-4 py-2.5 shadow-card"
    >
      {FIGURES.map(({ label, name, of, unit }) => (
        <Figure
          key={name}
          label={label}
          value={told ? formatFigure(sums?.[of], unit, { currency }) : '…'}
          name={name}
        />
      ))}
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
