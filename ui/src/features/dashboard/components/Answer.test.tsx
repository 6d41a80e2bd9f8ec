import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { answer } from '../../../../test/dashboard.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { server } from '../../../../test/server.ts';

const tells = (roas: number | null, currency = 'USD') =>
  server.use(
    answer((dashboard) => {
      dashboard.currency = currency;
      for (const kpi of dashboard.kpis) {
        if (kpi.metric === 'spend') kpi.value = 48_000_000_000;
        if (kpi.metric === 'roas') kpi.value = roas;
      }
    }),
  );

it('the answer is told for one unit of the currency', async () => {
  tells(2.5);
  openApp('/?cmp=off');
  const said = await screen.findByText(/brought back/);
  expect(said).toHaveTextContent('Every $1.00 of ads brought back $2.50.');
});

it('the answer is told for a hundred where the currency has no decimals', async () => {
  tells(2.5, 'JPY');
  openApp('/?cmp=off');
  const said = await screen.findByText(/brought back/);
  expect(said).toHaveTextContent('Every ¥100 of ads brought back ¥250.');
});

it('the answer says that nothing was sold, not what nothing brought back', async () => {
  tells(0);
  openApp();
  expect(
    await screen.findByText('$48,000.00 spent; the platforms report no sales for it.'),
  ).toBeInTheDocument();
});
