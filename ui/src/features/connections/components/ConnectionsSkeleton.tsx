import { Skeleton } from '@/components/ui/Skeleton.tsx';

export function ConnectionsSkeleton() {
  return (
    <div className="flex flex-col gap-8">
      {['one', 'two'].map((section) => (
        <div key={section} className="flex flex-col gap-3">
          <Skeleton className="h-9 w-48" />
          <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
            <Skeleton className="h-64" />
            <Skeleton className="h-64" />
          </div>
        </div>
      ))}
    </div>
  );
}
