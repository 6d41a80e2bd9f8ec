import type { Delta, MetricValues } from '@/api/contract.ts';
import { DeltaLabel } from '@/components/DeltaLabel.tsx';
import { formatFigure, formatShare } from '@/format/figures.ts';
import { figureOf, type MetricColumn } from '../columns.ts';

interface Props {
  column: MetricColumn;
  figures: MetricValues;
  /** Stands below the figure; given for the column in order only. */
  delta?: Delta;
  currency: string;
  /** Of all spend of the range, for the spend column. */
  share?: number | null;
}

export function FigureCell({ column, figures, delta, currency, share }: Props) {
  const { metric, unit, better } = column;
  const value = figureOf(figures, metric);
  return (
    <td className="figures whitespace-nowrap px-3 py-2 text-right align-top last:pr-5">
      {formatFigure(value, unit, { currency })}
      {(share !== undefined && share !== null) || delta ? (
        <span className="flex items-center justify-end gap-2 text-[12px] text-muted">
          {delta && <DeltaLabel delta={delta} better={better} />}
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
