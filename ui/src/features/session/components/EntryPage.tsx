import type { ReactNode } from 'react';
import { Mark } from '@/components/ui/Mark.tsx';

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
  foot?: ReactNode;
}

/** The door: one question on a calm page. */
export function EntryPage({ title, lead, children, foot }: Props) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <title>{`${title} · metricx`}</title>
      <div className="w-full max-w-100">
        <p className="mb-8 flex items-center justify-center gap-2.5 font-semibold text-[19px] tracking-tight">
          <Mark size={30} /> metricx
        </p>
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-card sm:p-8">
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          <p className="mt-1 mb-6 text-balance text-muted">{lead}</p>
          {children}
        </div>
        {foot && <p className="mt-6 text-center text-[13px] text-muted">{foot}</p>}
      </div>
    </main>
  );
}
