import type { MetricValues } from '@/api/contract.ts';
import type { MetricColumn } from '../columns.ts';
import { FigureCell } from './FigureCell.tsx';

interface Props {
  metrics: MetricColumn[];
  currency: string;
}

/** All campaigns that are not rows above, summed by the server. */
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
        {other.count} other {other.count === 1 ? 'campaign' : 'campaigns'}
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

export function TotalRow({ figures, metrics, currency }: Props & { figures: MetricValues }) {
  return (
    <tr className="bg-sunken font-semibold" data-total>
      <th
        scope="row"
        className="sticky left-0 z-1 rounded-bl-xl bg-sunken px-4 py-2.5 text-left sm:px-5"
      >
        Total
      </th>
      {metrics.map((column) => (
        <FigureCell key={column.metric} column={column} figures={figures} currency={currency} />
      ))}
    </tr>
  );
}
