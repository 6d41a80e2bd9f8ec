import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import { openApp } from '../../../../test/openApp.tsx';
import { server } from '../../../../test/server.ts';

it('the live dot tells a finger, too, what it means, and tries again when asked', async () => {
  const asked = vi.fn(() => new HttpResponse(null, { status: 503 }));
  server.use(http.get('*/live', asked));
  openApp();
  await userEvent.click(await screen.findByRole('button', { name: /^Retry in/ }));
  expect(await screen.findByText(/Figures stay as they were/)).toBeVisible();
  const before = asked.mock.calls.length;
  await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
  await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(before));
});
