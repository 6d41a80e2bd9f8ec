import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router';
import { NotFoundPage } from '@/components/NotFoundPage.tsx';
import { consentSearch } from '@/features/connections/consentSearch.ts';
import { DashboardPage } from '@/features/dashboard/components/DashboardPage.tsx';
import { parseSearch } from '@/features/filters/search.ts';
import { keepToken } from '@/features/invitation/token.ts';
import { meOptions } from '@/features/session/api/me.ts';
import { LogInPage } from '@/features/session/components/LogInPage.tsx';
import { RegisterPage } from '@/features/session/components/RegisterPage.tsx';
import { SharedSession } from '@/features/session/SharedSession.tsx';
import { PageProblem } from './PageProblem.tsx';
import { SignedIn } from './SignedIn.tsx';
import { StartingPage } from './StartingPage.tsx';

interface Context {
  client: QueryClient;
}

/** Where to go after logging in: only ever a path of this application. */
const nextSearch = (input: Record<string, unknown>): { next?: string } => {
  const { next } = input;
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {};
};

const root = createRootRouteWithContext<Context>()({
  component: () => (
    <SharedSession>
      <Outlet />
    </SharedSession>
  ),
});

const logIn = createRoute({
  getParentRoute: () => root,
  path: 'login',
  validateSearch: nextSearch,
  component: LogInPage,
});

const register = createRoute({
  getParentRoute: () => root,
  path: 'register',
  validateSearch: nextSearch,
  component: RegisterPage,
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: 'invitation',
  component: lazyRouteComponent(
    () => import('@/features/invitation/components/InvitationPage.tsx'),
    'InvitationPage',
  ),
  pendingComponent: StartingPage,
  beforeLoad: ({ location }) => {
    if (!location.hash) return;
    keepToken(location.hash);
    throw redirect({ to: '/invitation', replace: true });
  },
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedIn,
  pendingComponent: StartingPage,
  beforeLoad: async ({ context, location }) => {
    const me = await context.client.ensureQueryData(meOptions);
    if (me) return;
    const next = location.href === '/' ? {} : { next: location.href };
    throw redirect({ to: '/login', search: next, replace: true });
  },
});

const dashboard = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  validateSearch: parseSearch,
  component: DashboardPage,
});

const connections = createRoute({
  getParentRoute: () => signedIn,
  path: 'connections',
  validateSearch: consentSearch,
  component: lazyRouteComponent(
    () => import('@/features/connections/components/ConnectionsPage.tsx'),
    'ConnectionsPage',
  ),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: 'settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'workspace' }, replace: true });
  },
});

const settingsSection = createRoute({
  getParentRoute: () => signedIn,
  path: 'settings/$section',
  component: lazyRouteComponent(
    () => import('@/features/settings/components/SettingsPage.tsx'),
    'SettingsPage',
  ),
});

const elsewhere = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: NotFoundPage,
});

const tree = root.addChildren([
  logIn,
  register,
  invitation,
  signedIn.addChildren([dashboard, connections, settings, settingsSection, elsewhere]),
]);

export function makeRouter(client: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    basepath: '/app',
    context: { client },
    history,
    defaultErrorComponent: PageProblem,
    defaultPendingMs: 200,
    scrollRestoration: true,
    // Plain words in the address, not JSON: links stay readable.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined);
      const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
      return given.length === 0 ? '' : `?${text}`;
    },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
