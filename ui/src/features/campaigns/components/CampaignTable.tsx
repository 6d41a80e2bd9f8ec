import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { CampaignRow, Dashboard } from '@/api/contract.ts';
import { Panel } from '@/components/ui/Panel.tsx';
import { ScrollRegion } from '@/components/ui/ScrollRegion.tsx';
import { type Search, sortOf } from '@/features/filters/search.ts';
import { figureOf, type MetricColumn, metricColumns } from '../columns.ts';
import { CampaignName } from './CampaignName.tsx';
import { FigureCell } from './FigureCell.tsx';
import { SortHead } from './SortHead.tsx';
import { OtherRow, TotalRow } from './SumRows.tsx';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

interface Props {
  dashboard: Dashboard;
  search: Search;
  onSort: (sort: string) => void;
}

/** Campaigns by any figure; sums are the server's, so they hold for all campaigns, not these alone. */
export function CampaignTable({ dashboard, search, onSort }: Props) {
  const { top_campaigns: campaigns, comparison, currency } = dashboard;
  const metrics = useMemo(() => metricColumns(dashboard), [dashboard]);
  const { order, falling } = sortOf(search);
  const sorting = useMemo<SortingState>(() => [{ id: order, desc: falling }], [order, falling]);
  const columns = useMemo(() => columnsOf(metrics), [metrics]);
  const table = useTable({
    features,
    columns,
    data: campaigns.rows,
    state: { sorting },
    getRowId: (row) => `${row.provider}/${row.account_id}/${row.campaign_id}`,
  });
  return (
    <Panel
      title="Campaigns"
      note={
        comparison
          ? 'The column in order also shows its change.'
          : 'Press a heading to put the table in its order.'
      }
    >
      <ScrollRegion label="Campaigns, a wide table" className="overflow-x-auto rounded-b-xl">
        <table className="w-full min-w-205 text-[13px]">
          <caption className="sr-only">Campaigns of this range with their figures</caption>
          <thead className="text-[12.5px] text-muted">
            <tr className="border-line border-y bg-sunken">
              <th
                scope="col"
                className="sticky left-0 z-1 w-[30%] min-w-38 bg-sunken px-4 text-left font-medium sm:px-5"
              >
                Campaign
              </th>
              {metrics.map((column) => (
                <SortHead
                  key={column.metric}
                  column={column}
                  sorting={sorting[0]}
                  onSort={onSort}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map(({ id, original }) => (
              <tr key={id} className="group border-line border-b hover:bg-hover">
                <CampaignName row={original} />
                {metrics.map((column) => (
                  <FigureCell
                    key={column.metric}
                    column={column}
                    figures={original.metrics}
                    // While another order is read, the rows still tell of the one before.
                    delta={
                      comparison && column.metric === order && order === campaigns.metric
                        ? original.delta
                        : undefined
                    }
                    currency={currency}
                    share={column.metric === 'spend' ? original.share_of_spend : undefined}
                  />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            {campaigns.other && (
              <OtherRow other={campaigns.other} metrics={metrics} currency={currency} />
            )}
            <TotalRow figures={campaigns.total.metrics} metrics={metrics} currency={currency} />
          </tfoot>
        </table>
      </ScrollRegion>
    </Panel>
  );
}

function columnsOf(metrics: MetricColumn[]): ColumnDef<typeof features, CampaignRow>[] {
  return metrics.map(({ metric }) => ({
    id: metric,
    // Undefined, not null: what has no figure comes last in either order.
    accessorFn: (row: CampaignRow) => figureOf(row.metrics, metric) ?? undefined,
    sortUndefined: 'last' as const,
  }));
}
