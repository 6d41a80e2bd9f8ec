import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { dashboardOf } from '../dev/fixtures/answer.ts';
import { connectionsOf } from '../dev/fixtures/connections.ts';
import { makeMe } from '../dev/fixtures/me.ts';

/** The API as component tests meet it: somebody is logged in, figures are there, no news comes. */
export const server = setupServer(
  http.get('*/auth/me', () => HttpResponse.json(makeMe())),
  http.get('*/auth/mode', () =>
    HttpResponse.json({ mode: 'password', sign_in_url: null, simulated: false }),
  ),
  http.get('*/connections', () => HttpResponse.json(connectionsOf('owner'))),
  http.get('*/dashboard/unified', ({ request }) =>
    HttpResponse.json(dashboardOf(new URL(request.url).searchParams)),
  ),
  http.get('*/live', () => new HttpResponse(new ReadableStream(), { headers: STREAM })),
);

const STREAM = { 'content-type': 'text/event-stream' };

export const problem = (
  status: number,
  code: string,
  title: string,
  headers: Record<string, string> = {},
) =>
  HttpResponse.json(
    { type: `/problems/${code}`, title, status, code, detail: null, instance: '/', trace_id: 't1' },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );
