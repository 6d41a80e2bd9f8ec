import type { Freshness } from '@/api/contract.ts';
import { Mark } from '@/components/ui/Mark.tsx';
import { FilterBar } from '@/features/filters/components/FilterBar.tsx';
import type { FilterState } from '@/features/filters/useFilters.ts';
import { LiveDot } from '@/features/live/components/LiveDot.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { FreshnessBadge } from './FreshnessBadge.tsx';

interface Props {
  state: FilterState;
  /** False where there are no figures to choose among. */
  filtered: boolean;
  sources: readonly Freshness[];
  toldAt: number;
  refetching: boolean;
}

/** Whose figures, of which days, how old; stays in view. */
export function TopBar({ state, filtered, sources, toldAt, refetching }: Props) {
  const { workspace } = useMe();
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-canvas/95 backdrop-blur-sm">
      <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2 sm:px-5 lg:px-7">
        <div className="flex min-w-0 flex-1 items-center gap-2.5">
          <span className="md:hidden">
            <Mark />
          </span>
          <p className="min-w-0 truncate font-semibold text-[15px]">{workspace.name}</p>
        </div>
        <div className="print-hidden order-last flex w-full min-w-0 md:order-none md:w-auto">
          {filtered && <FilterBar state={state} />}
        </div>
        <div className="flex shrink-0 items-center">
          <FreshnessBadge sources={sources} toldAt={toldAt} zone={workspace.zone} />
          <LiveDot />
        </div>
      </div>
      <div aria-hidden="true" className="absolute inset-x-0 bottom-[-1px] h-0.5 overflow-hidden">
        {refetching && (
          <span className="block h-full w-1/4 animate-[slide_1.1s_ease-in-out_infinite] bg-accent" />
        )}
      </div>
    </header>
  );
}
