import type { Dashboard } from '@/api/contract.ts';
import { PanelBoundary } from '@/components/ui/PanelBoundary.tsx';
import { CampaignTable } from '@/features/campaigns/components/CampaignTable.tsx';
import type { FilterState } from '@/features/filters/useFilters.ts';
import { Answer } from './Answer.tsx';
import { ConnectShop } from './ConnectShop.tsx';
import { SpendMix } from './SpendMix.tsx';
import { Tiles } from './Tiles.tsx';
import { TodayStrip } from './TodayStrip.tsx';
import { TrendPanel } from './TrendPanel.tsx';
import { cautionsOf, Warnings } from './Warnings.tsx';

/** The page with figures: the answer, what it is made of, how it came about. */
export function Overview({ dashboard, state }: { dashboard: Dashboard; state: FilterState }) {
  const { search, change, filters } = state;
  const kpi = dashboard.kpis.find(({ metric }) => metric === search.m) ?? dashboard.kpis[0];
  if (!kpi) return null;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
        <Answer dashboard={dashboard} range={filters.range} />
        <TodayStrip currency={dashboard.currency} zone={dashboard.range.zone} today={state.today} />
      </div>
      <Warnings warnings={cautionsOf(dashboard)} />
      <Tiles dashboard={dashboard} chosen={kpi.metric} onChoose={(m) => change({ m })} />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <PanelBoundary resetOn={dashboard}>
          <TrendPanel
            dashboard={dashboard}
            kpi={kpi}
            asTable={search.view === 'table'}
            onView={(asTable) => change({ view: asTable ? 'table' : undefined })}
          />
        </PanelBoundary>
        <div className="grid content-start gap-4 md:grid-cols-2 lg:grid-cols-1">
          <PanelBoundary resetOn={dashboard}>
            <SpendMix slices={dashboard.spend_mix} currency={dashboard.currency} />
          </PanelBoundary>
          <ConnectShop />
        </div>
      </div>
      <PanelBoundary resetOn={dashboard}>
        <CampaignTable dashboard={dashboard} search={search} onSort={(sort) => change({ sort })} />
      </PanelBoundary>
    </div>
  );
}
