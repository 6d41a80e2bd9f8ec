import { CloudOff, Hourglass, type LucideIcon, Plug, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Freshness, Range } from '@/api/contract.ts';
import { Button } from '@/components/ui/Button.tsx';
import type { RangeKey } from '@/features/filters/search.ts';
import { useMe } from '@/features/session/api/me.ts';
import { formatDay, formatRange } from '@/format/dates.ts';

interface Props {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
}

function Empty({ icon: Icon, title, children }: Props) {
  return (
    <section className="mx-auto my-6 flex max-w-xl flex-col items-center gap-3 rounded-2xl border border-line bg-surface px-6 py-14 text-center text-soft shadow-card sm:my-12 sm:px-12">
      <span className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon aria-hidden="true" size={22} />
      </span>
      <h1 className="font-semibold text-ink text-lg tracking-tight">{title}</h1>
      {children}
    </section>
  );
}

/** Nothing is connected; this is not a failure, and no figure is invented. */
export function NeedsSetup() {
  const { workspace } = useMe();
  return (
    <Empty icon={Plug} title="No ad account is connected yet">
      <p>
        {workspace.name} is ready. metricx reads spend, clicks and purchases from your ad accounts,
        and this page fills by itself as soon as one is connected.
      </p>
      <p className="text-[13px] text-muted">
        This version connects accounts through its operator, not on a page. To look around, log in
        to the demo workspace.
      </p>
    </Empty>
  );
}

export function WaitingForData({ sources }: { sources: readonly Freshness[] }) {
  return (
    <Empty icon={Hourglass} title="The first figures are on their way">
      <p>Your account is connected and its history is being read. This page fills by itself.</p>
      {sources.length > 0 && (
        <ul className="mt-2 w-full divide-y divide-line rounded-lg border border-line text-left text-[13px]">
          {sources.map((source) => (
            <li key={`${source.connection_id}/${source.account_id}`} className="px-3.5 py-2.5">
              <p className="font-medium text-ink">{source.label}</p>
              <p>{source.reason ?? 'Reading'}</p>
              {source.data_from && source.data_through && (
                <p className="text-muted">
                  Read so far: {formatRange(source.data_from, source.data_through)}
                </p>
              )}
              {source.next_step && <p className="font-medium">{source.next_step}</p>}
            </li>
          ))}
        </ul>
      )}
    </Empty>
  );
}

/** What may hold figures where fewer days hold none. */
const WIDER = [
  { range: '28d', days: 28 },
  { range: '90d', days: 90 },
] as const satisfies { range: RangeKey; days: number }[];

interface FilteredProps {
  range: Range;
  sources: readonly Freshness[];
  onWiden: (range: RangeKey) => void;
}

/** Figures exist, but not for these days. */
export function FilteredEmpty({ range, sources, onWiden }: FilteredProps) {
  const first = sources.flatMap(({ data_from }) => data_from ?? []).sort()[0];
  const wider = WIDER.find(({ days }) => days > range.days);
  return (
    <Empty icon={SearchX} title="Nothing ran on these days">
      <p>
        No ad was shown {range.from === range.to ? 'on' : 'in'} {formatRange(range.from, range.to)}.
        {first && ` Figures begin on ${formatDay(first, { year: true })}.`}
      </p>
      {wider && (
        <Button look="primary" onClick={() => onWiden(wider.range)} className="mt-2">
          Show the last {wider.days} days
        </Button>
      )}
    </Empty>
  );
}

export function NothingYetOffline() {
  return (
    <Empty icon={CloudOff} title="You are offline">
      <p>No figures have been received yet. They load by themselves when the network is back.</p>
    </Empty>
  );
}
