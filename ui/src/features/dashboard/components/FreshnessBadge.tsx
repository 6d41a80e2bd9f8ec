import { CircleAlert, CircleCheck, CircleDashed, Clock3, type LucideIcon } from 'lucide-react';
import type { Freshness } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import { Pop } from '@/components/ui/Pop.tsx';
import { useNow } from '@/components/useNow.ts';
import { formatDay, formatInstant } from '@/format/dates.ts';
import {
  type AgedFreshness,
  aged,
  type FreshnessStatus,
  freshnessLabel,
  worst,
} from '../freshness.ts';
import { ConnectionsLink } from './Empty.tsx';

interface Props {
  sources: readonly Freshness[];
  /** When the answer arrived, by the page's clock. */
  toldAt: number;
  zone: string;
}

const ICONS: Record<FreshnessStatus, LucideIcon> = {
  fresh: CircleCheck,
  late: Clock3,
  failing: CircleAlert,
  waiting: CircleDashed,
};
const INKS: Record<FreshnessStatus, string> = {
  fresh: 'text-soft',
  late: 'text-warn',
  failing: 'text-bad',
  waiting: 'text-warn',
};

/** How old the figures are, growing older by itself; opens to each source. */
export function FreshnessBadge({ sources, toldAt, zone }: Props) {
  const now = useNow(5_000);
  const all = sources.map((source) => aged(source, toldAt, now));
  const shown = worst(all);
  if (!shown) return null;
  const Icon = ICONS[shown.status];
  return (
    <Pop
      title="Freshness of each source"
      align="end"
      trigger={
        <button
          type="button"
          data-freshness={shown.status}
          className={cx(
            'inline-flex h-9 items-center gap-1.5 rounded-lg px-2 text-[12.5px] hover:bg-hover',
            INKS[shown.status],
          )}
        >
          <Icon aria-hidden="true" size={15} className="shrink-0" />
          <span className="figures whitespace-nowrap">{freshnessLabel(shown)}</span>
        </button>
      }
    >
      <ul className="w-88 max-w-full divide-y divide-line p-1.5">
        {all.map((source) => (
          <Source
            key={`${source.connection_id}/${source.account_id}`}
            source={source}
            zone={zone}
          />
        ))}
        <li className="px-2.5 py-2.5 text-[13px]">
          <ConnectionsLink>Go to the connections</ConnectionsLink>
        </li>
      </ul>
    </Pop>
  );
}

function Source({ source, zone }: { source: AgedFreshness; zone: string }) {
  const Icon = ICONS[source.status];
  return (
    <li className="flex gap-2.5 px-2.5 py-2.5 text-[13px]">
      <Icon aria-hidden="true" size={16} className={cx('mt-0.5 shrink-0', INKS[source.status])} />
      <div className="min-w-0">
        <p className="font-medium">{source.label}</p>
        <p className={INKS[source.status]}>{freshnessLabel(source)}</p>
        {source.reason && <p className="text-soft">{source.reason}</p>}
        {source.next_step && <p className="font-medium text-soft">{source.next_step}</p>}
        <p className="text-[12.5px] text-muted">
          {source.last_success_at
            ? `Last read ${formatInstant(source.last_success_at, zone)}. `
            : 'Not read yet. '}
          {source.data_from &&
            source.data_through &&
            `Figures from ${formatDay(source.data_from, { year: true })} to ${formatDay(source.data_through, { year: true })}.`}
        </p>
      </div>
    </li>
  );
}
