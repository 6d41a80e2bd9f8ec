import { formatBucket } from '@/format/dates.ts';
import { formatFigure } from '@/format/figures.ts';
import { GHOST_COLOUR, platformColour, TOTAL_COLOUR } from './colours.ts';
import { type ChartRow, LACK_MARKS, previousLabel } from './rows.ts';
import type { Trend } from './trend.ts';

interface Props extends Trend {
  active?: boolean;
  payload?: readonly { payload?: ChartRow }[];
}

/** What the bucket under the pointer holds. */
export function ChartTip({
  active,
  payload,
  unit,
  currency,
  grain,
  zone,
  comparison,
  providers,
}: Props) {
  const row = payload?.[0]?.payload;
  if (!active || !row) return null;
  const say = (value: number | null) => formatFigure(value, unit, { currency });
  return (
    <div className="min-w-44 rounded-lg border border-line bg-raised px-3 py-2 text-[12.5px] shadow-pop">
      <p className="font-medium">
        {formatBucket(row.at, grain, zone)}
        {row.lack && <span className="font-normal text-muted"> · {LACK_MARKS[row.lack]}</span>}
      </p>
      <Entry
        colour={TOTAL_COLOUR}
        label={providers.length > 1 ? 'All' : (providers[0]?.label ?? 'All')}
      >
        {say(row.value)}
      </Entry>
      {providers.length > 1 &&
        providers.map(({ provider, label }, index) => (
          <Entry key={provider} colour={platformColour(index, providers.length)} label={label}>
            {say(row.providers[index] ?? null)}
          </Entry>
        ))}
      {comparison && (
        <Entry colour={GHOST_COLOUR} label={previousLabel(row)}>
          {say(row.previous)}
        </Entry>
      )}
    </div>
  );
}

function Entry({ colour, label, children }: { colour: string; label: string; children: string }) {
  return (
    <p className="mt-1 flex items-center gap-2 text-soft">
      <span aria-hidden="true" className="h-0.5 w-3 rounded" style={{ background: colour }} />
      <span className="flex-1">{label}</span>
      <span className="figures font-medium text-ink">{children}</span>
    </p>
  );
}
