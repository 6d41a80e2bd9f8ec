import type { MetricValues } from '@/api/contract.ts';
import { DeltaLabel } from '@/features/dashboard/components/DeltaLabel.tsx';
import { formatFigure, formatShare } from '@/format/figures.ts';
import { changeOf } from '../change.ts';
import { figureOf, type MetricColumn } from '../columns.ts';

interface Props {
  column: MetricColumn;
  figures: MetricValues;
  /** Given for the column in order only: its change stands below. */
  change?: { compared: MetricValues; previous: MetricValues };
  currency: string;
  /** Of all spend of the range, for the spend column. */
  share?: number | null;
}

export function FigureCell({ column, figures, change, currency, share }: Props) {
  const { metric, unit, better } = column;
  const value = figureOf(figures, metric);
  return (
    <td className="figures whitespace-nowrap px-3 py-2 text-right align-top last:pr-5">
      {formatFigure(value, unit, { currency })}
      {(share !== undefined && share !== null) || change ? (
        <span className="flex items-center justify-end gap-2 text-[12px] text-muted">
          {change && (
            <DeltaLabel
              delta={changeOf(
                figureOf(change.compared, metric),
                figureOf(change.previous, metric),
                unit,
              )}
              better={better}
            />
          )}
          {share !== undefined && share !== null && <Share share={share} />}
        </span>
      ) : null}
    </td>
  );
}

function Share({ share }: { share: number }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className="h-1 w-10 overflow-hidden rounded-full bg-sunken">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.min(1, share) * 100}%` }}
        />
      </span>
      <span>
        {formatShare(share, 0)}
        <span className="sr-only"> of spend</span>
      </span>
    </span>
  );
}
