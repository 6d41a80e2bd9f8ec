import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { Me } from '@/api/contract.ts';
import { DASHBOARD_KEY } from '@/features/dashboard/api/dashboard.ts';
import { dashboardOf } from '../../../dev/fixtures/answer.ts';
import { makePayload } from '../../../dev/fixtures/live.ts';
import { makeMe } from '../../../dev/fixtures/me.ts';
import { feed } from '../../../test/live.ts';
import { openApp } from '../../../test/openApp.tsx';
import { problem, server } from '../../../test/server.ts';

const DANA = makeMe();
const OTTER = makeMe({ demo: false, name: 'Otter & Oak', email: 'otter@example.com', number: 2 });
const SPENT = { dana: '$111.00', otter: '$777.00' };

const nobody = () => problem(401, 'not-signed-in', 'Sign in first');

/** A browser's one cookie, at first Dana's; Otter has spent another sum. */
function browser() {
  const cookie: { me: Me | null } = { me: DANA };
  server.use(
    http.get('*/auth/me', () => (cookie.me ? HttpResponse.json(cookie.me) : nobody())),
    http.post('*/auth/login', () => {
      cookie.me = OTTER;
      return HttpResponse.json(OTTER);
    }),
    http.post('*/auth/logout', () => {
      cookie.me = null;
      return new HttpResponse(null, { status: 204 });
    }),
    http.get('*/dashboard/unified', ({ request }) => {
      if (!cookie.me) return nobody();
      const dashboard = dashboardOf(new URL(request.url).searchParams);
      const spend = dashboard.kpis.find(({ metric }) => metric === 'spend');
      Object.assign(spend ?? {}, { value: cookie.me === OTTER ? 777_000_000 : 111_000_000 });
      return HttpResponse.json(dashboard);
    }),
  );
  return cookie;
}

function tab() {
  const app = openApp();
  const page = within(app.container);
  const shows = async (name: string, spent: string) => {
    expect(await page.findByText(name)).toBeInTheDocument();
    expect(await page.findByText(spent)).toBeInTheDocument();
  };
  return { ...app, page, shows };
}

it('who logs out or in in one tab does so in all, and no figure stands under another’s name', async () => {
  browser();
  const [one, other] = [tab(), tab()];
  await one.shows('Defang Labs', SPENT.dana);
  await other.shows('Defang Labs', SPENT.dana);
  let mixed = false;
  const look = new MutationObserver(() => {
    const text = other.container.textContent ?? '';
    mixed ||= text.includes('Defang Labs') && text.includes(SPENT.otter);
  });
  look.observe(other.container, { subtree: true, childList: true, characterData: true });

  await userEvent.click(one.page.getByRole('button', { name: /^Account of/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Log out' }));
  expect(await one.page.findByRole('heading', { name: 'Log in' })).toBeInTheDocument();
  expect(await other.page.findByRole('heading', { name: 'Log in' })).toBeInTheDocument();

  await userEvent.type(one.page.getByLabelText('E-mail'), 'otter@example.com');
  await userEvent.type(one.page.getByLabelText('Password'), 'right');
  await userEvent.click(one.page.getByRole('button', { name: 'Log in' }));
  await one.shows('Otter & Oak', SPENT.otter);
  await other.shows('Otter & Oak', SPENT.otter);
  expect(mixed).toBe(false);
  look.disconnect();
});

it('a stream that comes back may be another’s, so it is asked who is logged in', async () => {
  const cookie = browser();
  const first = () => {
    cookie.me = OTTER; // while it was away, in a tab that could not say so
    return new HttpResponse('retry: 20\n\n', { headers: { 'content-type': 'text/event-stream' } });
  };
  server.use(http.get('*/live', first, { once: true }), feed([makePayload('2026-11-21', 1)]));
  await tab().shows('Otter & Oak', SPENT.otter);
});

it('an answer that asks for a log-in leads to whoever is logged in by now', async () => {
  const cookie = browser();
  const { client, page, shows } = tab();
  await shows('Defang Labs', SPENT.dana);
  cookie.me = OTTER;
  server.use(http.get('*/dashboard/unified', nobody, { once: true }));
  await client.invalidateQueries({ queryKey: DASHBOARD_KEY });
  await shows('Otter & Oak', SPENT.otter);
  expect(page.queryByText('Defang Labs')).toBeNull();
});

it('a tab that is told while the API is away opens when it is back', async () => {
  browser();
  const { page, shows } = tab();
  await shows('Defang Labs', SPENT.dana);
  server.use(http.get('*/auth/me', () => HttpResponse.error()));
  const elsewhere = new BroadcastChannel('metricx.session');
  elsewhere.postMessage('changed');
  expect(await page.findByText('metricx cannot be reached')).toBeInTheDocument();
  expect(page.queryByText(SPENT.dana)).toBeNull();
  server.resetHandlers();
  browser();
  await waitFor(() => expect(page.getByText('Defang Labs')).toBeInTheDocument());
  elsewhere.close();
});
