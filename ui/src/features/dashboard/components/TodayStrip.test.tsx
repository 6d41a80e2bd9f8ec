import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { todayIn } from '@/features/filters/ranges.ts';
import { FIXTURE_ZONE } from '../../../../dev/fixtures/answer.ts';
import { makePayload } from '../../../../dev/fixtures/live.ts';
import { feed } from '../../../../test/live.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { server } from '../../../../test/server.ts';

const strip = () => screen.findByRole('region', { name: 'Today so far' });
const today = todayIn(FIXTURE_ZONE);

it('tells today’s spend as the feed does', async () => {
  server.use(feed([makePayload(today, 412_730_000)]));
  openApp();
  expect(await within(await strip()).findByText('$412.73')).toBeInTheDocument();
});

it('tells no spend of today where no account was read today', async () => {
  server.use(feed([makePayload(today, 0, { today: [] })]));
  openApp();
  const told = within(await strip());
  await waitFor(() => expect(told.getAllByText('–')).toHaveLength(3));
  expect(told.queryByText('$0.00')).toBeNull();
});
