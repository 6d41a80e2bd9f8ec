import { ChartLine, Table2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { Dashboard, Kpi } from '@/api/contract.ts';
import { Button } from '@/components/ui/Button.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { PanelBoundary } from '@/components/ui/PanelBoundary.tsx';
import { Skeleton } from '@/components/ui/Skeleton.tsx';
import { formatRange } from '@/format/dates.ts';
import { describeDelta } from '@/format/delta.ts';
import { GHOST_COLOUR, platformColour, TOTAL_COLOUR } from '../chart/colours.ts';
import { lackOf } from '../chart/lacks.ts';
import { chartRows } from '../chart/rows.ts';
import { chartSummary } from '../chart/summary.ts';
import { TrendTable } from '../chart/TrendTable.tsx';
import type { Trend } from '../chart/trend.ts';
import { cautionsOf } from './Warnings.tsx';

const TrendChart = lazy(() => import('../chart/TrendChart.tsx'));

interface Props {
  dashboard: Dashboard;
  kpi: Kpi;
  asTable: boolean;
  onView: (asTable: boolean) => void;
}

/** The chosen metric over time, as a picture or as figures. */
export function TrendPanel({ dashboard, kpi, asTable, onView }: Props) {
  const { range, comparison, charts, currency } = dashboard;
  const title = `${kpi.label} by ${range.grain}`;
  const shown: Trend = {
    title,
    rows: chartRows(dashboard, kpi),
    unit: kpi.unit,
    currency,
    grain: range.grain,
    zone: range.zone,
    comparison,
    providers: charts.providers,
  };
  return (
    <Panel
      title={title}
      note={noteOn(dashboard, kpi)}
      className="flex flex-col"
      actions={
        <Button look="quiet" onClick={() => onView(!asTable)} className="h-8">
          {asTable ? (
            <>
              <ChartLine aria-hidden="true" size={15} /> View as chart
            </>
          ) : (
            <>
              <Table2 aria-hidden="true" size={15} /> View as table
            </>
          )}
        </Button>
      }
    >
      <p className="sr-only">{chartSummary(dashboard, kpi)}</p>
      <div className="flex flex-1 flex-col px-2 pb-3 sm:px-3">
        <div className="relative min-h-72 flex-1 [&>*]:absolute [&>*]:inset-0">
          {asTable ? (
            <TrendTable {...shown} />
          ) : (
            <PanelBoundary resetOn={dashboard}>
              <Suspense fallback={<Skeleton className="mx-2" />}>
                <TrendChart {...shown} />
              </Suspense>
            </PanelBoundary>
          )}
        </div>
        {!asTable && <Legend dashboard={dashboard} />}
      </div>
    </Panel>
  );
}

/** What the metric is, and why its change is none or an estimate, unless that is said of all. */
function noteOn(dashboard: Dashboard, kpi: Kpi): string {
  const { charts, comparison } = dashboard;
  const { reason } = describeDelta(kpi.delta, kpi.better);
  const isSaid = cautionsOf(dashboard).some(({ message }) => message === reason);
  return [
    `${kpi.formula}.`,
    kpi.meaning,
    charts.estimated.includes(kpi.metric) &&
      'Platforms date these by day; hours are shared out by clicks.',
    comparison && !isSaid && reason,
  ]
    .filter(Boolean)
    .join(' ');
}

function Legend({ dashboard }: { dashboard: Dashboard }) {
  const { range, comparison, charts } = dashboard;
  const many = charts.providers.length > 1;
  const lack = lackOf(dashboard);
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-2 pt-2 text-[12px] text-muted sm:pl-16">
      <Key stroke={TOTAL_COLOUR} width={2.5}>
        {many ? 'All' : (charts.providers[0]?.label ?? 'All')}, {formatRange(range.from, range.to)}
      </Key>
      {many &&
        charts.providers.map(({ provider, label }, index) => (
          <Key key={provider} stroke={platformColour(index, charts.providers.length)} width={2}>
            {label}
          </Key>
        ))}
      {comparison && (
        <Key stroke={GHOST_COLOUR} width={2}>
          {formatRange(comparison.from, comparison.to)}
        </Key>
      )}
      {lack && (
        <Key stroke={TOTAL_COLOUR} width={2.5} dashed>
          {lack === 'unread' && 'Not read whole yet'}
          {lack === 'running' && (range.grain === 'day' ? 'Day not over' : 'Hour not over')}
        </Key>
      )}
    </ul>
  );
}

interface KeyProps {
  stroke: string;
  width: number;
  dashed?: boolean;
  children: React.ReactNode;
}

function Key({ stroke, width, dashed = false, children }: KeyProps) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <svg width="18" height="4" aria-hidden="true">
        <line
          x1="0"
          x2="18"
          y1="2"
          y2="2"
          stroke={stroke}
          strokeWidth={width}
          strokeDasharray={dashed ? '4 3' : undefined}
        />
      </svg>
      <span>{children}</span>
    </li>
  );
}
