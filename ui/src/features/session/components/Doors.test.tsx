import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

const nobody = () =>
  server.use(http.get('*/auth/me', () => problem(401, 'not-signed-in', 'Sign in first')));

it('counts down while the server asks to wait, and takes the form then', async () => {
  nobody();
  const tooMany = () =>
    problem(429, 'too-many-requests', 'Too many attempts', { 'retry-after': '1' });
  server.use(http.post('*/auth/login', tooMany));
  openApp('/login');
  await userEvent.type(await screen.findByLabelText('E-mail'), 'owner@defanglabs.com');
  await userEvent.type(screen.getByLabelText('Password'), 'a long sentence');
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
  expect(await screen.findByText('Too many attempts')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Try again in 1 s' })).toBeDisabled();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Log in' })).toBeEnabled());
});

it('says the rules of a password beforehand, and at the field why one was refused', async () => {
  nobody();
  const breached = () => problem(422, 'password-breached', 'This password is known from a breach');
  server.use(http.post('*/auth/register', breached));
  openApp('/register');
  const field = await screen.findByLabelText('Password');
  expect(field).toHaveAccessibleDescription(/8 characters or more.*known from a breach/);
  await userEvent.type(screen.getByLabelText('E-mail'), 'new@example.com');
  await userEvent.type(field, 'password1');
  expect(field).toHaveAccessibleDescription(/8 characters or more ?\(done\)/);
  await userEvent.click(screen.getByRole('button', { name: 'Make the account' }));
  await waitFor(() => expect(field).toBeInvalid());
  expect(field).toHaveAccessibleDescription(/others will try it/);
  await userEvent.type(field, ', but longer');
  expect(field).toBeValid();
});

it.each(['login', 'register'])(
  'where Clerk signs people in, %s leads to its page and back',
  async (door) => {
    nobody();
    server.use(
      http.get('*/auth/mode', () =>
        HttpResponse.json({
          mode: 'clerk',
          sign_in_url: 'https://clerk.example.com/sign-in?theme=dark',
          simulated: false,
        }),
      ),
    );
    openApp(`/${door}?next=/connections`);
    const link = await screen.findByRole('link', { name: 'Continue with Clerk' });
    const page = new URL(link.getAttribute('href') ?? '');
    expect(page.origin + page.pathname).toBe('https://clerk.example.com/sign-in');
    expect(page.searchParams.get('redirect_url')).toBe('http://localhost:3000/app/connections');
    expect(screen.queryByLabelText('Password')).toBeNull();
  },
);
