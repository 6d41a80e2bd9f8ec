import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { makeMe } from '../../../../dev/fixtures/me.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

async function fill() {
  await userEvent.type(await screen.findByLabelText('E-mail'), 'new@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'a long sentence');
  await userEvent.type(screen.getByLabelText(/Name of the workspace/), 'Otter & Oak');
  await userEvent.click(screen.getByRole('button', { name: 'Make the account' }));
}

it('makes a user with a workspace of their own, and opens it', async () => {
  let told: unknown;
  server.use(
    http.get('*/auth/me', () =>
      told ? HttpResponse.json(makeMe({ demo: false })) : problem(401, 'not-signed-in', 'Sign in'),
    ),
    http.post('*/auth/register', async ({ request }) => {
      told = await request.json();
      return HttpResponse.json(makeMe({ demo: false }), { status: 201 });
    }),
  );
  openApp('/register');
  await fill();
  expect(await screen.findByRole('region', { name: 'Key figures' })).toBeInTheDocument();
  expect(told).toEqual({
    email: 'new@example.com',
    password: 'a long sentence',
    workspace_name: 'Otter & Oak',
  });
});

it('says when the e-mail has an account already', async () => {
  server.use(
    http.get('*/auth/me', () => problem(401, 'not-signed-in', 'Sign in first')),
    http.post('*/auth/register', () =>
      problem(409, 'email-has-account', 'This e-mail has an account already'),
    ),
  );
  openApp('/register');
  await fill();
  expect(await screen.findByText('This e-mail has an account already')).toBeInTheDocument();
});
