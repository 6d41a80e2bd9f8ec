import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { LiveProvider } from '@/features/live/LiveProvider.tsx';
import { MeContext, meOptions } from '@/features/session/api/me.ts';
import { Frame } from './frame/Frame.tsx';
import { StartingPage } from './StartingPage.tsx';

/** All pages behind the log-in: who is there, the one live connection, the frame. */
export function SignedIn() {
  const { data: me } = useQuery(meOptions);
  const { href } = useLocation();
  if (me === undefined) return <StartingPage />;
  if (me === null)
    return <Navigate to="/login" search={href === '/' ? {} : { next: href }} replace />;
  return (
    <MeContext value={me}>
      <LiveProvider>
        <Frame>
          <Outlet />
        </Frame>
      </LiveProvider>
    </MeContext>
  );
}
