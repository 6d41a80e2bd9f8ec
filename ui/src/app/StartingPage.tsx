import { Mark } from '@/components/ui/Mark.tsx';

/** While it is not yet known who is there. */
export function StartingPage() {
  return (
    <main className="grid min-h-dvh place-items-center" aria-busy="true">
      <h1 className="flex items-center gap-3 text-muted">
        <Mark /> Opening metricx…
      </h1>
    </main>
  );
}
