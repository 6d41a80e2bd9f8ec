import { Clock3, SearchX } from 'lucide-react';
import type { Dashboard, Freshness, Range } from '@/api/contract.ts';
import { Button } from '@/components/ui/Button.tsx';
import type { RangeKey } from '@/features/filters/search.ts';
import { formatDay, formatInstant, formatRange } from '@/format/dates.ts';
import { Empty } from './Empty.tsx';
import { Warnings } from './Warnings.tsx';

interface Props {
  dashboard: Dashboard;
  onWiden: (range: RangeKey) => void;
}

/** These days were read, and no ad was shown on them. */
export function FilteredEmpty({ dashboard: { range, meta }, onWiden }: Props) {
  const whole = meta.partial.length === 0;
  return (
    <Empty icon={SearchX} title={whole ? 'Nothing ran on these days' : 'Nothing ran so far'}>
      <p>
        No ad was shown {daysOf(range)}
        {whole ? '.' : ', as far as these days were read.'}
        <Beginning sources={meta.freshness} />
      </p>
      <Warnings warnings={meta.warnings} />
      <Wider range={range} onWiden={onWiden} />
    </Empty>
  );
}

/** Nothing of these days is known, so nothing is said about what ran. */
export function Unread({ dashboard: { range, meta }, onWiden }: Props) {
  const first = firstDay(meta.freshness);
  const before = first !== undefined && range.to < first;
  return (
    <Empty icon={Clock3} title="These days were not read yet">
      <p>
        No figure is known for {formatRange(range.from, range.to)}.
        {before ? (
          <Beginning sources={meta.freshness} />
        ) : (
          ' Ads may have run all the same; this page fills by itself once they are read.'
        )}
      </p>
      <Warnings warnings={meta.warnings} />
      {!before && <Reach sources={meta.freshness} zone={meta.zone} />}
      <Wider range={range} onWiden={onWiden} />
    </Empty>
  );
}

/** Of each account how far it was read, or what to do; since when and why is said by the warnings. */
function Reach({ sources, zone }: { sources: readonly Freshness[]; zone: string }) {
  const said = sources.flatMap(({ connection_id, account_id, label, ...source }) => {
    const until = source.status === 'fresh' ? source.observed_until : null;
    const text = until ? `Read up to ${formatInstant(until, zone)}.` : source.next_step;
    return text ? [{ key: `${connection_id}/${account_id}`, label, text }] : [];
  });
  return said.map(({ key, label, text }) => (
    <p key={key} className="text-[13px]">
      <span className="font-medium text-ink">{label}</span>: {text}
    </p>
  ));
}

function Beginning({ sources }: { sources: readonly Freshness[] }) {
  const first = firstDay(sources);
  return first && ` Figures begin on ${formatDay(first, { year: true })}.`;
}

/** What may hold figures where fewer days hold none. */
const WIDER = [
  { range: '28d', days: 28 },
  { range: '90d', days: 90 },
] as const satisfies { range: RangeKey; days: number }[];

function Wider({ range, onWiden }: { range: Range; onWiden: (range: RangeKey) => void }) {
  const wider = WIDER.find(({ days }) => days > range.days);
  return (
    wider && (
      <Button look="primary" onClick={() => onWiden(wider.range)} className="mt-2">
        Show the last {wider.days} days
      </Button>
    )
  );
}

const firstDay = (sources: readonly Freshness[]) =>
  sources.flatMap(({ data_from }) => data_from ?? []).sort()[0];

const daysOf = ({ from, to }: Range) => `${from === to ? 'on' : 'in'} ${formatRange(from, to)}`;
