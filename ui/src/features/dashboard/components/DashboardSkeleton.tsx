import { Skeleton } from '@/components/ui/Skeleton.tsx';
import { TILE_GRID } from './Tiles.tsx';

const TILES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const ROWS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The page's own layout, before its first figures. */
export function DashboardSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <h1 className="sr-only">Dashboard</h1>
      <p role="status" className="sr-only">
        Loading figures
      </p>
      <div className="flex min-h-22 flex-col justify-center gap-2.5">
        <Skeleton className="h-4 w-44" />
        <Skeleton className="h-7 w-full max-w-md" />
        <Skeleton className="h-4 w-72 max-w-full" />
      </div>
      <div className={TILE_GRID}>
        {TILES.map((tile) => (
          <div key={tile} className="rounded-xl border border-line bg-surface p-3 sm:p-4">
            <Skeleton className="h-4 w-20" />
            <Skeleton className="mt-2.5 h-7 w-28 max-w-full" />
            <Skeleton className="mt-2.5 h-3.5 w-24 max-w-full" />
            <Skeleton className="mt-2 h-3 w-20" />
            <Skeleton className="mt-2.5 h-8 w-full" />
          </div>
        ))}
      </div>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="rounded-xl border border-line bg-surface p-5">
          <Skeleton className="h-5 w-40" />
          <Skeleton className="mt-4 h-76 w-full" />
        </div>
        <div className="rounded-xl border border-line bg-surface p-5">
          <Skeleton className="h-5 w-28" />
          <Skeleton className="mt-4 h-24 w-full" />
        </div>
      </div>
      <div className="rounded-xl border border-line bg-surface p-5">
        <Skeleton className="h-5 w-32" />
        {ROWS.map((row) => (
          <Skeleton key={row} className="mt-4 h-7 w-full" />
        ))}
      </div>
    </div>
  );
}
