import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import type { Changed } from '../src/api/contract.ts';
import { todayIn } from '../src/features/filters/ranges.ts';
import { accountAnswer, meOf } from './accountRoutes.ts';
import { dashboardOf, FIXTURE_ZONE } from './fixtures/answer.ts';
import { makeFreshness } from './fixtures/freshness.ts';
import { makePayload } from './fixtures/live.ts';
import { behind, unread, withoutDelivery } from './fixtures/states.ts';

/**
 * Plays the API for `npm run dev:fixtures` and the gallery: the scene is what stands before the @
 * of the address that logged in ("stale@…", "waiting@…"), so each state is one log-in away.
 */
export function fixtureServer(): Plugin {
  const use = (middlewares: Connect.Server) => {
    middlewares.use((request, response, next) => {
      if (request.url?.startsWith('/app')) response.setHeader('content-security-policy', POLICY);
      answer(request, response).then((taken) => taken || next(), next);
    });
  };
  return {
    name: 'metricx-fixtures',
    configureServer: (server) => use(server.middlewares),
    configurePreviewServer: (server) => use(server.middlewares),
  };
}

/** As the API sends it: what breaks it must break here first. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
let extraMicros = 0;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://fixtures');
  const scene = /scene=([a-z-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const path = `${request.method} ${url.pathname}`;
  switch (path) {
    case 'POST /auth/login':
    case 'POST /auth/register':
      logIn(response, await bodyOf(request), path.endsWith('register'));
      return true;
    case 'POST /auth/logout':
      response.setHeader('set-cookie', 'scene=; Path=/; Max-Age=0');
      json(response, 204, null);
      return true;
    case 'GET /auth/mode': {
      const clerk = /door=clerk/.test(request.headers.cookie ?? '');
      const sign_in_url = clerk ? 'https://clerk.example.com/sign-in' : null;
      json(response, 200, { mode: clerk ? 'clerk' : 'password', sign_in_url, simulated: true });
      return true;
    }
    case 'GET /auth/me':
      if (!scene) problem(response, 401, 'not-logged-in', 'You are not logged in');
      else json(response, 200, meOf(scene));
      return true;
    case 'GET /dashboard/unified':
      await dashboard(response, scene ?? 'owner', url.searchParams);
      return true;
    case 'GET /live':
      live(request, response, scene ?? 'owner');
      return true;
    default:
      return accounts(request, response, scene ?? 'owner', url);
  }
}

async function accounts(
  request: IncomingMessage,
  response: ServerResponse,
  scene: string,
  url: URL,
): Promise<boolean> {
  const isOurs = /^\/(auth|workspaces|connections)(\/|$)/.test(url.pathname);
  if (!isOurs) return false;
  const body = await bodyOf(request);
  if (scene === 'loading') await new Promise((resolve) => setTimeout(resolve, 60_000));
  const path = `${request.method} ${url.pathname}`;
  const said = accountAnswer(path, url.searchParams, scene, body);
  if (!said) return false;
  if (said.scene !== undefined)
    response.setHeader('set-cookie', `scene=${said.scene}; Path=/; HttpOnly`);
  if (said.code) problem(response, said.status, said.code, said.title ?? said.code);
  else json(response, said.status, said.body);
  return true;
}

function logIn(
  response: ServerResponse,
  body: { email?: string; password?: string },
  made: boolean,
) {
  if (body.password === 'wrong')
    return problem(response, 401, 'wrong-credentials', 'E-mail or password is wrong');
  if (body.password === 'too many') {
    response.setHeader('retry-after', '42');
    return problem(response, 429, 'too-many-requests', 'Too many attempts');
  }
  if (body.password === 'password')
    return problem(response, 422, 'password-breached', 'This password is known from a breach');
  const name = made ? 'needs-setup' : (body.email?.split('@')[0] ?? 'owner');
  response.setHeader('set-cookie', `scene=${name}; Path=/; HttpOnly`);
  json(response, 200, meOf(name));
}

async function dashboard(response: ServerResponse, scene: string, query: URLSearchParams) {
  if (scene === 'loading') await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (scene === 'failed')
    return problem(response, 503, 'read-models-unavailable', 'Figures cannot be read right now');
  const made = dashboardOf(query, { extraMicros, providers: scene === 'two-platforms' ? 2 : 1 });
  if (scene === 'needs-setup') Object.assign(made, { state: 'needs-setup', kpis: [] });
  if (scene === 'waiting') {
    made.state = 'waiting-for-data';
    made.meta.freshness = [
      makeFreshness({
        status: 'waiting',
        last_success_at: null,
        lag_seconds: null,
        data_from: '2026-10-12',
        reason: 'Reading the last 90 days, newest first.',
      }),
    ];
  }
  if (scene === 'late')
    made.meta.freshness = [
      makeFreshness({
        status: 'late',
        lag_seconds: 5_400,
        reason: 'Meta asked us to wait (rate limit).',
      }),
    ];
  if (['failing', 'behind', 'unread'].includes(scene)) {
    const { lag, age } =
      scene === 'failing' ? { lag: 9_000, age: '2 h' } : { lag: 10 * 86_400, age: '10 days' };
    made.meta.freshness = [
      makeFreshness({
        status: 'failing',
        lag_seconds: lag,
        reason: 'The access token has expired.',
        next_step: 'Reconnect the account.',
      }),
    ];
    made.meta.warnings = [
      {
        code: 'failing-account',
        message: `Meta · Defang Labs US has not been read for ${age}; what came later is missing.`,
      },
    ];
  }
  if (scene === 'empty') withoutDelivery(made);
  if (scene === 'behind') behind(made, 10);
  if (scene === 'unread') unread(made);
  json(response, 200, made);
}

function live(request: IncomingMessage, response: ServerResponse, scene: string) {
  if (scene === 'cut-off') return problem(response, 503, 'unavailable', 'No stream');
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const today = todayIn(FIXTURE_ZONE);
  let spent = 412_730_000 + extraMicros;
  const send = (event: string, changed: Changed[]) => {
    const unreadToday = scene === 'behind' ? { today: [] } : {};
    const payload = makePayload(today, spent, { changed, ...unreadToday });
    response.write(
      `event: ${event}\nid: ${payload.position}\nretry: 2000\ndata: ${JSON.stringify(payload)}\n\n`,
    );
  };
  send('snapshot', []);
  const beat = setInterval(() => response.write(': beat\n\n'), 10_000);
  const tick =
    scene === 'moving'
      ? setInterval(() => {
          extraMicros += 1_370_000;
          spent += 1_370_000;
          send('change', [
            { projection: 'ad_windows', provider: 'meta', account_id: '1001', days: [today] },
          ]);
        }, 2_000)
      : undefined;
  request.on('close', () => {
    clearInterval(beat);
    clearInterval(tick);
  });
}

async function bodyOf(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}');
}

function json(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === null ? '' : JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string, title: string) {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(
    JSON.stringify({
      type: `/problems/${code}`,
      title,
      status,
      code,
      detail: 'This is a scene of the gallery.',
      trace_id: '4bf92f3577b34da6',
    }),
  );
}
