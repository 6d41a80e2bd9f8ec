import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { makeMe } from '../../../../dev/fixtures/me.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

/** Nobody is logged in until the right password has been given. */
function lockedDoor() {
  let inside = false;
  const handlers = [
    http.get('*/auth/me', () =>
      inside ? HttpResponse.json(makeMe()) : problem(401, 'not-signed-in', 'Sign in first'),
    ),
    http.post('*/auth/login', async ({ request }) => {
      const { password } = (await request.json()) as { password: string };
      if (password !== 'right')
        return problem(401, 'wrong-credentials', 'E-mail or password is wrong');
      inside = true;
      return HttpResponse.json(makeMe());
    }),
    http.post('*/auth/logout', () => {
      inside = false;
      return new HttpResponse(null, { status: 204 });
    }),
  ];
  server.use(...handlers);
  const leave = () => {
    inside = false;
  };
  return { leave, handlers };
}

async function logIn(password: string) {
  await userEvent.type(await screen.findByLabelText('E-mail'), 'owner@defanglabs.com');
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
}

it('leads back to the page that was asked for', async () => {
  lockedDoor();
  const { href } = openApp('/?r=7d');
  await logIn('right');
  expect(await screen.findByRole('region', { name: 'Key figures' })).toBeInTheDocument();
  expect(href()).toBe('/app/?r=7d');
});

it('says that e-mail or password is wrong, and lets one try again', async () => {
  lockedDoor();
  openApp();
  await logIn('wrong');
  expect(await screen.findByText('E-mail or password is wrong')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Log in' })).toBeEnabled();
});

it('asks again when the session ends while the page is open', async () => {
  const door = lockedDoor();
  const { client, href } = openApp('/?r=7d&m=roas');
  await logIn('right');
  await screen.findByRole('region', { name: 'Key figures' });
  door.leave();
  server.use(http.get('*/dashboard/unified', () => problem(401, 'not-signed-in', 'Sign in first')));
  await client.invalidateQueries();
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Log in' })).toBeVisible());
  server.resetHandlers();
  server.use(...door.handlers);
  await logIn('right');
  await screen.findByRole('region', { name: 'Key figures' });
  expect(href()).toBe('/app/?r=7d&m=roas');
});

it.each(['login', 'register'])('%s is no place for whoever is logged in', async (door) => {
  const { href } = openApp(`/${door}?next=/%3Fr%3D7d`);
  expect(await screen.findByRole('region', { name: 'Key figures' })).toBeInTheDocument();
  expect(href()).toBe('/app/?r=7d');
});

it('keeps where one was going on the way through the other door', async () => {
  lockedDoor();
  const { href } = openApp('/?r=7d');
  await userEvent.click(await screen.findByRole('link', { name: 'Make an account' }));
  await userEvent.click(await screen.findByRole('link', { name: 'Log in' }));
  await logIn('right');
  await screen.findByRole('region', { name: 'Key figures' });
  expect(href()).toBe('/app/?r=7d');
});

it('logs out', async () => {
  lockedDoor();
  openApp();
  await logIn('right');
  await screen.findByRole('region', { name: 'Key figures' });
  await userEvent.click(screen.getByRole('button', { name: /^Account of/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Log out' }));
  expect(await screen.findByRole('heading', { name: 'Log in' })).toBeInTheDocument();
});
