import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router';
import { DashboardPage } from '@/features/dashboard/components/DashboardPage.tsx';
import { parseSearch } from '@/features/filters/search.ts';
import { meOptions } from '@/features/session/api/me.ts';
import { LogInPage } from '@/features/session/components/LogInPage.tsx';
import { RegisterPage } from '@/features/session/components/RegisterPage.tsx';
import { SharedSession } from '@/features/session/SharedSession.tsx';
import { NotFoundPage } from '@/components/NotFoundPage.tsx';
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

const elsewhere = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: NotFoundPage,
});

const tree = root.addChildren([logIn, register, signedIn.addChildren([dashboard, elsewhere])]);

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
