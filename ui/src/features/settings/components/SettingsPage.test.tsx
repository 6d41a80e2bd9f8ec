import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { Role } from '@/api/contract.ts';
import { makeMe } from '../../../../dev/fixtures/me.ts';
import {
  auditOf,
  makeInvitation,
  makeInvitations,
  makeKey,
  makeKeys,
  makeMembers,
  makeSessions,
} from '../../../../dev/fixtures/people.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

/** The settings of a workspace in which one has this role; what was asked of the API is kept. */
function asA(role: Role, { alone = false } = {}) {
  const me = makeMe({ role });
  const told: [string, unknown][] = [];
  const tell = async (request: Request) => {
    const text = await request.text();
    const { pathname, search } = new URL(request.url);
    told.push([`${request.method} ${pathname}${search}`, text ? JSON.parse(text) : null]);
  };
  const done = () => new HttpResponse(null, { status: 204 });
  const details = { ...me.workspace, created_at: '2026-05-04T09:00:00Z' };
  server.use(
    http.get('*/auth/me', () => HttpResponse.json(me)),
    http.get('*/workspaces/current', () => HttpResponse.json(details)),
    http.patch('*/workspaces/current', async ({ request }) => {
      const change = (await request.clone().json()) as object;
      await tell(request);
      return HttpResponse.json({ ...details, ...change });
    }),
    http.get('*/workspaces/current/members', () =>
      HttpResponse.json({ members: makeMembers(me, alone) }),
    ),
    http.patch('*/workspaces/current/members/:id', async ({ request }) => {
      await tell(request);
      return HttpResponse.json(makeMembers(me)[2]);
    }),
    http.get('*/workspaces/current/invitations', () =>
      HttpResponse.json({ invitations: makeInvitations() }),
    ),
    http.post('*/workspaces/current/invitations', async ({ request }) => {
      await tell(request);
      const link = 'http://localhost:3000/app/invitation#shown-only-once-0';
      return HttpResponse.json({ invitation: makeInvitation(), link }, { status: 201 });
    }),
    http.get('*/workspaces/current/api-keys', () => HttpResponse.json({ api_keys: makeKeys() })),
    http.post('*/workspaces/current/api-keys', async ({ request }) => {
      await tell(request);
      return HttpResponse.json({ api_key: makeKey(), key: 'mx_live_secret' }, { status: 201 });
    }),
    http.get('*/workspaces/current/audit', ({ request }) =>
      HttpResponse.json(auditOf(new URL(request.url).searchParams.get('cursor'))),
    ),
    http.get('*/auth/sessions', () => HttpResponse.json({ sessions: makeSessions() })),
    http.delete('*/auth/sessions', async ({ request }) => {
      await tell(request);
      return done();
    }),
    http.delete('*/auth/sessions/:id', async ({ request }) => {
      await tell(request);
      return done();
    }),
  );
  return told;
}

it('an address without a section opens the first', async () => {
  asA('owner');
  const { href } = openApp('/settings');
  expect(await screen.findByLabelText('Name')).toHaveValue('Defang Labs');
  expect(href()).toBe('/app/settings/workspace');
});

it('sends only what is other than it was, and says that it is saved', async () => {
  const told = asA('admin');
  openApp('/settings/workspace');
  await userEvent.selectOptions(await screen.findByLabelText('Currency'), 'EUR');
  const zone = screen.getByRole('combobox', { name: 'Time zone' });
  await userEvent.clear(zone);
  await userEvent.type(zone, 'berl');
  await userEvent.click(await screen.findByRole('option', { name: /Europe\/Berlin/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Saved.')).toBeInTheDocument();
  expect(told).toEqual([['PATCH /workspaces/current', { currency: 'EUR', zone: 'Europe/Berlin' }]]);
});

it.each([
  ['viewer', 'workspace', 'Owners and admins change these.'],
  ['viewer', 'members', 'Owners and admins invite people.'],
  ['viewer', 'keys', 'Owners and admins make and end API keys.'],
  ['admin', 'log', 'Owners read the log.'],
] as const)('tells a %s at %s who may', async (role, section, said) => {
  asA(role);
  openApp(`/settings/${section}`);
  expect(await screen.findByText(new RegExp(said))).toBeInTheDocument();
});

it('the last owner cannot leave, and is told what to do first', async () => {
  asA('owner', { alone: true });
  openApp('/settings/members');
  expect(await screen.findByText(/make somebody else an owner/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Leave' })).toBeDisabled();
  expect(screen.getByLabelText('Role of Dana')).toBeDisabled();
});

it('an admin gives no role of owners, and changes none', async () => {
  const told = asA('admin');
  openApp('/settings/members');
  const grace = await screen.findByLabelText('Role of Grace Hopper');
  expect(
    within(grace)
      .getAllByRole('option')
      .map((each) => each.textContent),
  ).toEqual(['Admin', 'Viewer']);
  expect(screen.queryByLabelText('Role of Ada Lovelace')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Remove Ada Lovelace' })).toBeNull();
  await userEvent.selectOptions(grace, 'Viewer');
  await waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]?.[1]).toEqual({ role: 'viewer' });
});

it('shows an invitation’s link this once', async () => {
  const told = asA('owner');
  openApp('/settings/members');
  await userEvent.type(await screen.findByLabelText('E-mail (optional)'), 'new@example.com');
  await userEvent.selectOptions(screen.getByLabelText('Role'), 'Admin');
  await userEvent.click(screen.getByRole('button', { name: 'Make an invitation link' }));
  expect(await screen.findByLabelText('Link')).toHaveValue(
    'http://localhost:3000/app/invitation#shown-only-once-0',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByLabelText('Link')).toBeNull());
  expect(told[0]?.[1]).toEqual({ role: 'admin', email: 'new@example.com' });
  expect(document.body.textContent).not.toContain('shown-only-once');
});

it('shows a key this once, made for as long and as much as was chosen', async () => {
  const told = asA('owner');
  openApp('/settings/keys');
  await userEvent.type(await screen.findByLabelText('Name'), 'Looker');
  await userEvent.selectOptions(screen.getByLabelText('Ends'), 'Never');
  await userEvent.click(screen.getByRole('checkbox', { name: /^Manage connections/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Make a key' }));
  expect(await screen.findByLabelText('API key')).toHaveValue('mx_live_secret');
  expect(told[0]?.[1]).toEqual({
    name: 'Looker',
    scopes: ['read', 'connections'],
    expires_at: null,
  });
});

it('reads the log on as far as it goes', async () => {
  asA('owner');
  openApp('/settings/log');
  expect(await screen.findByText(/Grace Hopper’s role from viewer to admin/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Load older changes' }));
  expect(await screen.findByText('Ada Lovelace made the workspace.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Load older changes' })).toBeNull();
});

it('ends one session, all others, or all: then one is logged out', async () => {
  const told = asA('owner');
  openApp('/settings/you');
  await userEvent.click(
    await screen.findByRole('button', { name: 'End the session of Safari on iPhone' }),
  );
  await userEvent.click(screen.getByRole('button', { name: 'End all others' }));
  expect(await screen.findByText('All others are over.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'End all, here too' }));
  server.use(http.get('*/auth/me', () => problem(401, 'not-signed-in', 'Sign in first')));
  await userEvent.click(await screen.findByRole('button', { name: 'End all' }));
  expect(await screen.findByRole('heading', { name: 'Log in' })).toBeInTheDocument();
  const { id } = makeSessions()[1] ?? {};
  expect(told.map(([what]) => what)).toEqual([
    `DELETE /auth/sessions/${id}`,
    'DELETE /auth/sessions?keep_current=true',
    'DELETE /auth/sessions?keep_current=false',
  ]);
});

it('a wrong password is told where it was typed', async () => {
  asA('owner');
  server.use(http.post('*/auth/password', () => problem(403, 'wrong-password', 'Wrong')));
  openApp('/settings/you');
  await userEvent.type(await screen.findByLabelText('Password that you have now'), 'not it');
  await userEvent.type(screen.getByLabelText('New password'), 'a long sentence');
  await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
  await waitFor(() =>
    expect(screen.getByLabelText('Password that you have now')).toHaveAccessibleDescription(
      'This is not your password.',
    ),
  );
});
