import { FlaskConical } from 'lucide-react';

/** Stands on every page of a demo workspace, so that nobody takes its figures for their own. */
export function DemoRibbon() {
  return (
    <aside
      aria-label="Demo data"
      className="flex min-h-8 items-center justify-center gap-2 border-warn/20 border-b bg-warn-soft px-4 py-1 text-[12.5px] text-warn"
    >
      <FlaskConical aria-hidden="true" size={14} className="shrink-0" />
      <span>
        <strong className="font-semibold">Demo data.</strong> A simulated shop and simulated ad
        accounts; nothing here was really spent.
      </span>
    </aside>
  );
}
