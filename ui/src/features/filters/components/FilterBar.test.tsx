import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { tile } from '../../../../test/dashboard.ts';
import { openApp } from '../../../../test/openApp.tsx';

it('filters put a tile’s metric, a range and an order into the address', async () => {
  const { href } = openApp();
  await userEvent.click(await tile(/^ROAS/));
  await waitFor(() => expect(href()).toContain('m=roas'));
  await userEvent.click(screen.getByRole('button', { name: /^Date range/ }));
  await userEvent.click(await screen.findByRole('button', { name: /^Last 7 days/ }));
  await waitFor(() => expect(href()).toContain('r=7d'));
  await userEvent.click(screen.getByRole('button', { name: 'CPA' }));
  await waitFor(() => expect(href()).toContain('sort=cpa.asc'));
});

it('filters obey one-letter keys, save while a key is held with another', async () => {
  const { href } = openApp();
  await tile(/^Ad spend/);
  await userEvent.keyboard('{Control>}d{/Control}');
  expect(href()).not.toContain('r=');
  await userEvent.keyboard('w');
  await waitFor(() => expect(href()).toContain('r=7d'));
  await userEvent.keyboard('x');
  await waitFor(() => expect(href()).toContain('cmp=off'));
  expect(screen.queryByText(/^vs /)).toBeNull();
});

it('filters bring back by key the comparison that was turned off by key', async () => {
  const { href } = openApp('/?cmp=yoy');
  await tile(/^Ad spend/);
  await userEvent.keyboard('x');
  await waitFor(() => expect(href()).toContain('cmp=off'));
  await userEvent.keyboard('x');
  await waitFor(() => expect(href()).toContain('cmp=yoy'));
});

const OCTOBER = 'cmp=custom&cfrom=2025-10-01&cto=2025-10-28';

it('filters let go of days to compare with that are no match for a new range', async () => {
  const { href } = openApp(`/?r=28d&${OCTOBER}`);
  await tile(/^Ad spend/);
  await userEvent.keyboard('w');
  await waitFor(() => expect(href()).toContain('r=7d'));
  expect(href()).not.toMatch(/cmp=custom|cfrom|cto/);
});

it('filters keep days to compare with while the range keeps its length', async () => {
  const { href } = openApp(`/?r=7d&${OCTOBER}`); // chosen so: 7 days beside 28
  await tile(/^Ad spend/);
  await userEvent.keyboard('{ArrowLeft}');
  await waitFor(() => expect(href()).toContain('r=custom'));
  expect(href()).toContain(OCTOBER);
  await userEvent.keyboard('f'); // 28 days beside 28
  await waitFor(() => expect(href()).toContain('r=28d'));
  expect(href()).toContain(OCTOBER);
});

it('filters bring back by key no days to compare with that are no match any more', async () => {
  const { href } = openApp(`/?r=28d&${OCTOBER}`);
  await tile(/^Ad spend/);
  await userEvent.keyboard('x');
  await waitFor(() => expect(href()).toContain('cmp=off'));
  await userEvent.keyboard('w');
  await waitFor(() => expect(href()).toContain('r=7d'));
  await userEvent.keyboard('x');
  await waitFor(() => expect(href()).not.toContain('cmp=off'));
  expect(href()).not.toContain('custom');
});

it('filters leave the arrow keys to a table that scrolls', async () => {
  const { href } = openApp('/?r=7d');
  await tile(/^Ad spend/);
  screen.getByRole('region', { name: 'Campaigns, a wide table' }).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowLeft}');
  expect(href()).toContain('r=7d');
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard('{ArrowLeft}');
  await waitFor(() => expect(href()).toContain('r=custom'));
});

it('filters that only this device remembers are put into the address', async () => {
  localStorage.setItem('metricx.filters', JSON.stringify({ r: '7d', cmp: 'off' }));
  const { href } = openApp('/?m=roas');
  expect(await tile(/^ROAS/)).toHaveAttribute('aria-pressed', 'true');
  await waitFor(() => expect(href()).toBe('/app/?m=roas&r=7d&cmp=off'));
});

it('filters in a broken address never break the page', async () => {
  openApp('/?r=nonsense&from=2026-13-45&m=unknown&sort=;drop&cmp=');
  expect(await tile(/^Ad spend/)).toHaveAttribute('aria-pressed', 'true');
});
