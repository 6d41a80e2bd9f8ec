import { useMemo } from 'react';
import { ProblemNote } from '@/components/ui/ProblemNote.tsx';
import { StaleNote } from '@/components/ui/StaleNote.tsx';
import { type RangeKey, sortOf } from '@/features/filters/search.ts';
import { useFilters } from '@/features/filters/useFilters.ts';
import { useMe } from '@/features/session/api/me.ts';
import { useDashboard } from '../api/useDashboard.ts';
import { DashboardSkeleton } from './DashboardSkeleton.tsx';
import { Card, NeedsSetup, NothingYetOffline, WaitingForData } from './Empty.tsx';
import { FilteredEmpty, Unread } from './EmptyRange.tsx';
import { Overview } from './Overview.tsx';
import { TopBar } from './TopBar.tsx';

/** Is my ad money working? */
export function DashboardPage() {
  const { workspace } = useMe();
  const state = useFilters();
  const { view, refetching } = useDashboard(state.filters, sortOf(state.search), state.today);
  const told = 'toldAt' in view ? view : null;

  const body = useMemo(() => {
    const widen = (r: RangeKey) => state.change({ r, from: undefined, to: undefined });
    switch (view.state) {
      case 'loading':
        return <DashboardSkeleton />;
      case 'offline':
        return <NothingYetOffline />;
      case 'needs-setup':
        return <NeedsSetup />;
      case 'waiting':
        return <WaitingForData sources={view.data.meta.freshness} />;
      case 'failed':
        return (
          <Card>
            <h1 className="sr-only">Dashboard</h1>
            <ProblemNote problem={view.problem} onRetry={view.retry} />
          </Card>
        );
      case 'unread':
        return <Unread dashboard={view.data} onWiden={widen} />;
      case 'filtered-empty':
        return <FilteredEmpty dashboard={view.data} onWiden={widen} />;
      case 'ready':
        return <Overview dashboard={view.data} state={state} />;
    }
  }, [view, state]);

  return (
    <>
      <title>{`Dashboard · ${workspace.name} · metricx`}</title>
      <TopBar
        state={state}
        filtered={view.state !== 'needs-setup'}
        sources={told?.data.meta.freshness ?? []}
        toldAt={told?.toldAt ?? 0}
        refetching={refetching}
      />
      <div
        className="mx-auto w-full max-w-350 px-3 py-4 sm:px-5 sm:py-5 lg:px-7"
        data-state={view.state}
      >
        <StaleNote problem={'stale' in view ? view.stale : null} toldAt={told?.toldAt ?? 0} />
        {body}
      </div>
    </>
  );
}
