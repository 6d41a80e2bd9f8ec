import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import type { Acting } from '@/api/contract.ts';
import { LiveProvider } from '@/features/live/LiveProvider.tsx';
import { identityOf, MeContext, meOptions } from '@/features/session/api/me.ts';
import { NoWorkspacePage } from '@/features/session/components/NoWorkspacePage.tsx';
import { Frame } from './frame/Frame.tsx';
import { StartingPage } from './StartingPage.tsx';

/** All pages behind the log-in: who is there, the one live connection, the frame. */
export function SignedIn() {
  const { data: me, error } = useQuery(meOptions);
  const acting = useMemo<Acting | null>(
    () => (me?.workspace ? { ...me, workspace: me.workspace } : null),
    [me],
  );
  if (me === undefined && error) throw error;
  if (me === undefined) return <StartingPage />;
  if (me === null) return <LoggedOut />;
  if (!acting) return <NoWorkspacePage me={me} />;
  return (
    <MeContext value={acting}>
      <LiveProvider key={identityOf(me)}>
        <Frame>
          <Outlet />
        </Frame>
      </LiveProvider>
    </MeContext>
  );
}

/** Leads to the log-in, once: the address is taken before it changes, or it would grow for ever. */
function LoggedOut() {
  const router = useRouter();
  const [href] = useState(() => router.state.location.href);
  useEffect(() => {
    const search = href === '/' ? {} : { next: href };
    void router.navigate({ to: '/login', search, replace: true });
  }, [router, href]);
  return <StartingPage />;
}
