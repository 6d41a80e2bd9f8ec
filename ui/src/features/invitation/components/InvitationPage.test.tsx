import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, expect, it } from 'vitest';
import { makeMe, withAnother } from '../../../../dev/fixtures/me.ts';
import { makePreview } from '../../../../dev/fixtures/people.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';
import { forgetToken, heldToken } from '../token.ts';

const TOKEN = 'a-token-of-sixteen-or-more';

afterEach(forgetToken);

/** An invitation to Otter & Oak, before which nobody is logged in unless told. */
function invited({ inside = false } = {}) {
  const seen: { tokens: unknown[] } = { tokens: [] };
  let joined = false;
  const otter = { ...makeMe({ demo: false, name: 'Otter & Oak', number: 2 }) };
  const there = { ...withAnother(makeMe()), workspace: otter.workspace };
  server.use(
    http.get('*/auth/me', () =>
      inside
        ? HttpResponse.json(joined ? there : makeMe())
        : problem(401, 'not-signed-in', 'Sign in first'),
    ),
    http.post('*/auth/login', () => {
      inside = true;
      return HttpResponse.json(makeMe());
    }),
    http.post('*/workspaces/invitations/preview', async ({ request }) => {
      seen.tokens.push(await request.json());
      return HttpResponse.json(makePreview());
    }),
    http.post('*/workspaces/invitations/accept', async ({ request }) => {
      seen.tokens.push(await request.json());
      joined = true;
      return HttpResponse.json(there);
    }),
  );
  return seen;
}

it('takes the token out of the address at once, and keeps it through a log-in', async () => {
  const seen = invited();
  const { href } = openApp(`/invitation#${TOKEN}`);
  expect(await screen.findByText('Ada Lovelace')).toBeInTheDocument();
  expect(href()).toBe('/app/invitation');
  await userEvent.click(screen.getByRole('link', { name: 'Log in to join' }));
  await userEvent.type(await screen.findByLabelText('E-mail'), 'owner@defanglabs.com');
  await userEvent.type(screen.getByLabelText('Password'), 'right');
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));

  await userEvent.click(await screen.findByRole('button', { name: 'Join Otter & Oak' }));
  expect(await screen.findByRole('region', { name: 'Key figures' })).toBeInTheDocument();
  expect(screen.getByText('Otter & Oak', { selector: 'header p' })).toBeInTheDocument();
  expect(seen.tokens).toContainEqual({ token: TOKEN });
  expect(new Set(seen.tokens.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(heldToken()).toBeNull();
});

it.each([
  [404, 'invitation-not-found', 'No such invitation'],
  [410, 'invitation-over', 'This invitation is over'],
])('%i %s has words of its own', async (status, code, title) => {
  invited({ inside: true });
  server.use(http.post('*/workspaces/invitations/preview', () => problem(status, code, code)));
  openApp(`/invitation#${TOKEN}`);
  expect(await screen.findByRole('heading', { name: title })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Go to your dashboard' })).toBeEnabled();
});

it('says that one is a member already', async () => {
  invited({ inside: true });
  server.use(
    http.post('*/workspaces/invitations/accept', () =>
      problem(409, 'already-member', 'You are a member already'),
    ),
  );
  openApp(`/invitation#${TOKEN}`);
  await userEvent.click(await screen.findByRole('button', { name: 'Join Otter & Oak' }));
  expect(await screen.findByRole('heading', { name: 'You are a member already' })).toBeVisible();
});

it('lets whoever it is not for log out and go on as somebody else', async () => {
  invited({ inside: true });
  let inside = true;
  server.use(
    http.get('*/auth/me', () =>
      inside ? HttpResponse.json(makeMe()) : problem(401, 'not-signed-in', 'Sign in first'),
    ),
    http.post('*/auth/logout', () => {
      inside = false;
      return new HttpResponse(null, { status: 204 });
    }),
    http.post('*/workspaces/invitations/preview', () =>
      HttpResponse.json(makePreview({ email: 'grace@defanglabs.com' })),
    ),
  );
  openApp(`/invitation#${TOKEN}`);
  await userEvent.click(await screen.findByRole('button', { name: /^Log out/ }));
  expect(await screen.findByRole('link', { name: 'Log in to join' })).toBeInTheDocument();
});

it('a link without its end is no invitation', async () => {
  invited({ inside: true });
  openApp('/invitation');
  expect(await screen.findByRole('heading', { name: 'This link is not whole' })).toBeVisible();
});
