import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { dashboardOf } from '../dev/fixtures/answer.ts';
import type { Dashboard } from '../src/api/contract.ts';

/** The fixture's answer, changed. */
export const answer = (change: (dashboard: Dashboard) => void) =>
  http.get('*/dashboard/unified', ({ request }) => {
    const dashboard = dashboardOf(new URL(request.url).searchParams);
    change(dashboard);
    return HttpResponse.json(dashboard);
  });

/** A tile of the dashboard, once it is there. */
export const tile = async (name: RegExp) =>
  within(await screen.findByRole('region', { name: 'Key figures' })).getByRole('button', { name });
