import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { Dashboard, Kpi } from '@/api/contract.ts';
import { Button } from '@/components/ui/Button.tsx';
import { cx } from '@/components/ui/classes.ts';
import { PanelBoundary } from '@/components/ui/PanelBoundary.tsx';
import { lackOf } from '../chart/lacks.ts';
import { Tile } from './Tile.tsx';

export const TILE_GRID = 'grid grid-cols-1 gap-2.5 min-[360px]:grid-cols-2 sm:gap-3 md:grid-cols-4';

/** What answers the question first; all others follow on request. */
const FIRST = ['spend', 'revenue', 'roas', 'purchases', 'cpa', 'ctr', 'cpc', 'cpm'];

interface Props {
  dashboard: Dashboard;
  chosen: string;
  onChoose: (metric: string) => void;
}

export function Tiles({ dashboard, chosen, onChoose }: Props) {
  const [first, rest] = parted(dashboard.kpis);
  const [more, setMore] = useState(() => rest.some(({ metric }) => metric === chosen));
  const { comparison, currency, range } = dashboard;
  const lack = lackOf(dashboard);
  const scope = `${range.from}/${range.to}/${comparison?.from}/${comparison?.to}`;
  return (
    <section aria-label="Key figures">
      <div className={TILE_GRID}>
        {(more ? [...first, ...rest] : first).map((kpi) => (
          <PanelBoundary key={kpi.metric} compact resetOn={kpi}>
            <Tile
              kpi={kpi}
              currency={currency}
              comparison={comparison}
              lack={lack}
              scope={scope}
              chosen={kpi.metric === chosen}
              onChoose={() => onChoose(kpi.metric)}
            />
          </PanelBoundary>
        ))}
      </div>
      {rest.length > 0 && (
        <Button
          look="quiet"
          aria-expanded={more}
          onClick={() => setMore(!more)}
          className="mt-1.5 h-8"
        >
          <ChevronDown aria-hidden="true" size={15} className={cx(more && 'rotate-180')} />
          {more ? 'Fewer figures' : `${rest.length} more figures`}
        </Button>
      )}
    </section>
  );
}

function parted(kpis: readonly Kpi[]): [Kpi[], Kpi[]] {
  const first = FIRST.flatMap((metric) => kpis.filter((kpi) => kpi.metric === metric));
  return [first, kpis.filter((kpi) => !FIRST.includes(kpi.metric))];
}
