import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Acting } from '@/api/contract.ts';
import { LiveProvider } from '@/features/live/LiveProvider.tsx';
import { MeContext, meOptions } from '@/features/session/api/me.ts';
import { NoWorkspacePage } from '@/features/session/components/NoWorkspacePage.tsx';
import { Frame } from './frame/Frame.tsx';
import { StartingPage } from './StartingPage.tsx';

/** All pages behind the log-in: who is there, the one live connection, the frame. */
export function SignedIn() {
  const { data: me } = useQuery(meOptions);
  const { href } = useLocation();
  const acting = useMemo<Acting | null>(
    () => (me?.workspace ? { ...me, workspace: me.workspace } : null),
    [me],
  );
  if (me === undefined) return <StartingPage />;
  if (me === null)
    return <Navigate to="/login" search={href === '/' ? {} : { next: href }} replace />;
  if (!acting) return <NoWorkspacePage email={me.user.email} />;
  return (
    <MeContext value={acting}>
      <LiveProvider>
        <Frame>
          <Outlet />
        </Frame>
      </LiveProvider>
    </MeContext>
  );
}
