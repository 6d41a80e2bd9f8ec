import type { MetricValues } from '@/api/contract.ts';
import type { MetricColumn } from '../columns.ts';
import { FigureCell } from './FigureCell.tsx';

interface Props {
  metrics: MetricColumn[];
  currency: string;
}

/** All that is no row above, summed by the server: campaigns, or spend of none in particular. */
export function OtherRow({
  other,
  metrics,
  currency,
}: Props & { other: { metrics: MetricValues; count: number } }) {
  return (
    <tr className="border-line border-b text-soft">
      <th
        scope="row"
        className="sticky left-0 z-1 bg-surface px-4 py-2 text-left font-normal sm:px-5"
      >
        {othersLabel(other.count)}
      </th>
      {metrics.map((column) => (
        <FigureCell
          key={column.metric}
          column={column}
          figures={other.metrics}
          currency={currency}
        />
      ))}
    </tr>
  );
}

function othersLabel(count: number): string {
  if (count === 0) return 'Not broken down by campaign';
  return count === 1 ? '1 other campaign' : `${count} other campaigns`;
}

export function TotalRow({ figures, metrics, currency }: Props & { figures: MetricValues }) {
  return (
    <tr className="bg-sunken font-semibold" data-total>
      <th scope="row" className="sticky left-0 z-1 bg-sunken px-4 py-2.5 text-left sm:px-5">
        Total
      </th>
      {metrics.map((column) => (
        <FigureCell key={column.metric} column={column} figures={figures} currency={currency} />
      ))}
    </tr>
  );
}
