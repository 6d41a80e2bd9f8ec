import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { dashboardOf } from '../../../../dev/fixtures/answer.ts';
import { answer } from '../../../../test/dashboard.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { server } from '../../../../test/server.ts';

it('asks the server for the other end of the campaigns, not only turns those at hand', async () => {
  const asked: string[] = [];
  server.use(
    http.get('*/dashboard/unified', ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(`${query.get('metric')} ${query.get('order')}`);
      return HttpResponse.json(dashboardOf(query));
    }),
  );
  openApp();
  const table = await screen.findByRole('table', { name: /Campaigns/ });
  const names = () =>
    within(table)
      .getAllByRole('rowheader')
      .map(({ textContent }) => textContent);
  expect(names()[0]).toContain('Prospecting');
  await userEvent.click(within(table).getByRole('button', { name: 'Ad spend' }));
  await waitFor(() => expect(names()[0]).toContain('Test: new audience'));
  await userEvent.click(within(table).getByRole('button', { name: 'CPA' }));
  await waitFor(() => expect(asked).toEqual(['null null', 'spend asc', 'cpa asc']));
});

it('shows how campaigns moved in the column in order, as the server tells it', async () => {
  server.use(
    answer(({ top_campaigns: { rows } }) => {
      for (const row of rows)
        row.delta = { kind: 'percent', value: 0.31, reason: null, estimated: true };
    }),
  );
  openApp();
  const table = await screen.findByRole('table', { name: /Campaigns/ });
  expect(within(table).getAllByText('≈ +31%')).toHaveLength(6);
});

it('names spend that belongs to no campaign for what it is', async () => {
  server.use(
    answer(({ top_campaigns }) => {
      top_campaigns.other = { metrics: { spend: 5_000_000 }, count: 0 };
    }),
  );
  openApp();
  const table = await screen.findByRole('table', { name: /Campaigns/ });
  expect(within(table).getByText('Not broken down by campaign')).toBeInTheDocument();
});
