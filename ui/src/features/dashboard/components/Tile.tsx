import { CircleDashed } from 'lucide-react';
import type { Comparison, Kpi } from '@/api/contract.ts';
import { DeltaLabel } from '@/components/DeltaLabel.tsx';
import { cx } from '@/components/ui/classes.ts';
import { Hint } from '@/components/ui/Hint.tsx';
import { useArrival } from '@/components/useArrival.ts';
import { formatRange } from '@/format/dates.ts';
import { formatFigure } from '@/format/figures.ts';
import type { Lack } from '../chart/lacks.ts';
import { LACK_MARKS } from '../chart/rows.ts';
import { Sparkline } from './Sparkline.tsx';

interface Props {
  kpi: Kpi;
  currency: string;
  comparison: Comparison | null;
  /** Why the range is not whole. */
  lack: Lack | null;
  /** Range and comparison: a value that moves within it is news. */
  scope: string;
  chosen: boolean;
  onChoose: () => void;
}

const LACK_MEANINGS: Record<Lack, string> = {
  running: 'Includes a period that is not over yet.',
  unread: 'Includes a period that was not read whole yet.',
};

/** One figure with what it was, how it moved and how it is made; a press shows it in the chart. */
export function Tile({ kpi, currency, comparison, lack, scope, chosen, onChoose }: Props) {
  const value = formatFigure(kpi.value, kpi.unit, { currency });
  const arriving = useArrival(value, scope) && lack !== null;
  return (
    <Hint
      content={
        <>
          <span className="block font-medium text-ink">{kpi.formula}</span>
          <span className="block">{kpi.meaning} As told by the ad platforms.</span>
          {lack && <span className="block">{LACK_MEANINGS[lack]}</span>}
          {comparison?.note && <span className="mt-1 block">{comparison.note}</span>}
          {kpi.delta.reason && <span className="mt-1 block">{kpi.delta.reason}</span>}
        </>
      }
    >
      <button
        type="button"
        data-metric={kpi.metric}
        aria-pressed={chosen}
        onClick={onChoose}
        className={cx(
          'group flex min-w-0 flex-col rounded-xl border bg-surface p-3 text-left shadow-card transition-colors sm:p-4',
          chosen ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-line-strong',
        )}
      >
        <span className="flex w-full items-center justify-between gap-2 text-[12.5px] text-soft">
          <span className="truncate font-medium">{kpi.label}</span>
          {lack && (
            <span className="text-muted" title={LACK_MEANINGS[lack]}>
              <CircleDashed aria-hidden="true" size={13} />
              <span className="sr-only">{LACK_MARKS[lack]}</span>
            </span>
          )}
        </span>
        <span
          data-value
          className={cx(
            'figures mt-0.5 max-w-full truncate font-semibold text-[20px] leading-7 tracking-tight sm:text-[23px] sm:leading-8',
            arriving && 'arriving',
          )}
        >
          {value}
        </span>
        {comparison && (
          <span className="mt-1 flex w-full flex-wrap items-center gap-x-1.5 text-[12.5px]">
            <DeltaLabel delta={kpi.delta} better={kpi.better} />
            <span className="figures text-muted">{against(kpi, comparison, currency)}</span>
          </span>
        )}
        {comparison && (
          <span className="text-[11.5px] text-muted">
            {formatRange(comparison.from, comparison.to)}
          </span>
        )}
        <span className="mt-2 block w-full">
          <Sparkline series={kpi.series} />
        </span>
      </button>
    </Hint>
  );
}

/**
 * What the change is measured against. Within a running day both sides count up to an hour, and
 * then both are told: the tile's own value has run on.
 */
function against(kpi: Kpi, { until }: Comparison, currency: string): string {
  if (kpi.delta.kind === 'none') return 'nothing to compare with';
  const say = (value: number | null) => formatFigure(value, kpi.unit, { currency, compact: true });
  const hourly = kpi.series.some(({ at }) => at.length > 10);
  if (!until || !hourly) return `vs ${say(kpi.previous)}`;
  return `${say(kpi.compared)} vs ${say(kpi.previous)} by ${until.slice(11, 16)}`;
}
