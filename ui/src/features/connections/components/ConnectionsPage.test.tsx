import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import { leaveFor } from '@/components/leaveFor.ts';
import {
  CONSENT,
  connectionsOf,
  makeAccounts,
  makeCard,
} from '../../../../dev/fixtures/connections.ts';
import { makeMe } from '../../../../dev/fixtures/me.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

vi.mock('@/components/leaveFor.ts', () => ({ leaveFor: vi.fn() }));

const connected = (...cards: ReturnType<typeof makeCard>[]) =>
  http.get('*/connections', () =>
    HttpResponse.json({ ...connectionsOf('owner'), connections: cards }),
  );

const card = (name: string) => screen.findByRole('article', { name });

it('leads to the platform’s own page, at the address that the API made', async () => {
  server.use(
    connected(),
    http.post('*/auth/meta/start', () =>
      HttpResponse.json({ authorize_url: 'https://meta.example.com/dialog' }),
    ),
  );
  openApp('/connections');
  expect(await screen.findByText('Nothing is connected yet')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Connect Meta' }));
  await waitFor(() => expect(leaveFor).toHaveBeenCalledWith('https://meta.example.com/dialog'));
});

it('asks which shop before it goes to Shopify, and takes no other domain', async () => {
  let told: unknown;
  server.use(
    connected(),
    http.post('*/auth/shopify/start', async ({ request }) => {
      told = await request.json();
      return HttpResponse.json({ authorize_url: 'https://shop.example.com/' });
    }),
  );
  openApp('/connections');
  await userEvent.click(await screen.findByRole('button', { name: 'Connect Shopify' }));
  const field = await screen.findByLabelText('The shop’s domain');
  await userEvent.type(field, 'shop.example.com');
  await userEvent.click(screen.getByRole('button', { name: 'Go to Shopify' }));
  expect(field).toHaveAccessibleDescription(/no shop’s domain/);
  await userEvent.clear(field);
  await userEvent.type(field, 'demo-store');
  await userEvent.click(screen.getByRole('button', { name: 'Go to Shopify' }));
  await waitFor(() => expect(told).toEqual({ shop: 'demo-store.myshopify.com' }));
});

it('connects the accounts that are chosen after a consent, and shows their cards', async () => {
  let told: unknown;
  server.use(
    connected(),
    http.get('*/auth/meta/accounts', () => HttpResponse.json({ accounts: makeAccounts() })),
    http.post('*/auth/meta/accounts', async ({ request }) => {
      told = await request.json();
      server.use(connected(makeCard({ state: 'waiting' })));
      const made = { id: makeCard().id, account_id: '700420170042', label: 'Defang Labs' };
      return HttpResponse.json({ connections: [made] }, { status: 201 });
    }),
  );
  const { href } = openApp(`/connections?consent=${CONSENT}&provider=meta`);
  expect(await screen.findByRole('checkbox', { name: 'Defang Labs Outlet' })).toBeDisabled();
  const closed = screen.getByRole('checkbox', { name: 'Defang Labs, closed' });
  expect(closed).toBeDisabled();
  expect(closed).toHaveAccessibleDescription(/Cannot be read: Meta disabled this account/);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Defang Labs' }));
  await userEvent.click(screen.getByRole('button', { name: 'Connect 1 account' }));
  expect(await screen.findByText('Connected: Defang Labs')).toBeInTheDocument();
  expect(await card('Defang Labs')).toHaveTextContent('Waiting for its first read');
  expect(told).toEqual({ consent: CONSENT, account_ids: ['700420170042'] });
  expect(href()).toBe('/app/connections');
});

it('says that a consent is over, and begins another', async () => {
  server.use(http.get('*/auth/meta/accounts', () => problem(404, 'not-found', 'Nothing here')));
  openApp(`/connections?consent=${CONSENT}&provider=meta`);
  expect(await screen.findByText(/This consent is over/)).toBeInTheDocument();
});

it('says what went wrong on the platform’s page, in focus, until it is closed', async () => {
  const { href } = openApp('/connections?problem=consent-refused&provider=meta');
  expect(await screen.findByText('Meta was not given leave')).toBeInTheDocument();
  expect(document.activeElement).toHaveTextContent('Meta was not given leave');
  await userEvent.click(screen.getByRole('button', { name: 'Close this note' }));
  expect(screen.queryByText('Meta was not given leave')).toBeNull();
  expect(href()).toBe('/app/connections');
});

it('shows a viewer all states and no action', async () => {
  server.use(
    http.get('*/auth/me', () => HttpResponse.json(makeMe({ role: 'viewer' }))),
    http.get('*/connections', () => HttpResponse.json(connectionsOf('states'))),
  );
  openApp('/connections');
  expect(await card('Defang Labs JP')).toHaveTextContent('Failing');
  for (const name of [/Sync now/, /Pause/, /Reconnect/, /^Connect (more|Meta|Google)/, /^More/])
    expect(screen.queryByRole('button', { name })).toBeNull();
});

it('syncs at once, and shows the card as the API then has it', async () => {
  server.use(
    http.post('*/connections/:id/sync', () =>
      HttpResponse.json(makeCard({ state: 'backfilling', progress: { done: 1, total: 2 } }), {
        status: 202,
      }),
    ),
  );
  openApp('/connections');
  const shown = await card('Defang Labs');
  server.use(connected(makeCard({ state: 'backfilling', progress: { done: 1, total: 2 } })));
  await userEvent.click(within(shown).getByRole('button', { name: 'Sync now' }));
  expect(await screen.findByRole('progressbar', { name: 'History read' })).toHaveAttribute(
    'aria-valuenow',
    '50',
  );
});

it('disconnects after having said that history is kept', async () => {
  let gone = false;
  server.use(
    http.delete('*/connections/:id', () => {
      gone = true;
      server.use(connected(makeCard({ state: 'disconnected' })));
      return new HttpResponse(null, { status: 204 });
    }),
  );
  openApp('/connections');
  await userEvent.click(await screen.findByRole('button', { name: 'More for Defang Labs' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Disconnect…' }));
  expect(await screen.findByText(/Its history is kept/)).toBeInTheDocument();
  expect(gone).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Disconnect' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(await card('Defang Labs')).toHaveTextContent('Disconnected');
});

it('keeps what it knows, and says how old it is, when it cannot be read anew', async () => {
  const { client } = openApp('/connections');
  await card('Defang Labs');
  server.use(http.get('*/connections', () => problem(503, 'unavailable', 'Not available')));
  await client.invalidateQueries({ queryKey: ['connections'] });
  expect(await screen.findByText(/These states are from/)).toBeInTheDocument();
  expect(await card('Defang Labs')).toBeInTheDocument();
});
