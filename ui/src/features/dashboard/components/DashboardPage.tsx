import { useMemo } from 'react';
import { ProblemNote } from '@/components/ui/ProblemNote.tsx';
import { sortOf } from '@/features/filters/search.ts';
import { useFilters } from '@/features/filters/useFilters.ts';
import { useMe } from '@/features/session/api/me.ts';
import { useDashboard } from '../api/useDashboard.ts';
import { DashboardSkeleton } from './DashboardSkeleton.tsx';
import { Card, FilteredEmpty, NeedsSetup, NothingYetOffline, WaitingForData } from './Empty.tsx';
import { Overview } from './Overview.tsx';
import { StaleNote } from './StaleNote.tsx';
import { TopBar } from './TopBar.tsx';

/** Is my ad money working? */
export function DashboardPage() {
  const { workspace } = useMe();
  const state = useFilters();
  const { view, refetching } = useDashboard(state.filters, sortOf(state.search), state.today);
  const told = 'toldAt' in view ? view : null;

  const body = useMemo(() => {
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
      case 'filtered-empty':
        return (
          <FilteredEmpty
            range={view.data.range}
            sources={view.data.meta.freshness}
            onWiden={(r) => state.change({ r, from: undefined, to: undefined })}
          />
        );
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
        <StaleNote
          problem={view.state === 'ready' || view.state === 'filtered-empty' ? view.stale : null}
          toldAt={told?.toldAt ?? 0}
        />
        {body}
      </div>
    </>
  );
}
