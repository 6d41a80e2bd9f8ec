import type { ReactNode } from 'react';
import { useMe } from '@/features/session/api/me.ts';
import { BottomBar } from './BottomBar.tsx';
import { DemoRibbon } from './DemoRibbon.tsx';
import { OfflineNote } from './OfflineNote.tsx';
import { Rail } from './Rail.tsx';

/** Rail on the left, a bar at the bottom on a phone, the page between. */
export function Frame({ children }: { children: ReactNode }) {
  const { workspace } = useMe();
  return (
    <div className="flex min-h-dvh">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2 focus:shadow-pop"
      >
        Skip to the page
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col pb-16 md:pb-0">
        {workspace.is_demo && <DemoRibbon />}
        <OfflineNote />
        <main id="page" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      <BottomBar />
    </div>
  );
}
