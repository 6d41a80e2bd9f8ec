import type { Me, NewApiKey, NewInvitation } from '../src/api/contract.ts';
import { connectionsOf, makeAccounts, makeCard } from './fixtures/connections.ts';
import { makeMe, OTTER_ID, withAnother } from './fixtures/me.ts';
import {
  auditOf,
  makeInvitation,
  makeInvitations,
  makeKey,
  makeKeys,
  makeMembers,
  makePreview,
  makeSessions,
} from './fixtures/people.ts';

/** What a route of accounts and connections answers; a `code` makes it a problem. */
export interface Answer {
  status: number;
  body?: unknown;
  code?: string;
  title?: string;
  /** The scene in which the browser is from then on. */
  scene?: string;
}

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const done: Answer = { status: 204, body: null };
const problem = (status: number, code: string, title: string): Answer => ({ status, code, title });

/** Who is logged in, in a scene. */
export function meOf(scene: string): Me {
  switch (scene) {
    case 'needs-setup':
      return makeMe({ demo: false, name: 'Otter & Oak', email: 'new@example.com' });
    case 'another':
      return { ...withAnother(makeMe()), workspace: { ...otter(), role: 'viewer' } };
    case 'nowhere':
      return { ...withAnother(makeMe()), workspace: null };
    case 'viewer':
      return withAnother(makeMe({ role: 'viewer' }));
    case 'admin':
      return withAnother(makeMe({ role: 'admin' }));
    default:
      return withAnother(makeMe());
  }
}

const otter = () => ({
  ...(makeMe({ demo: false, name: 'Otter & Oak', number: 2 }).workspace ?? never()),
  id: OTTER_ID,
});

function never(): never {
  throw new Error('a fixture acts in a workspace');
}

/** Plays the routes of accounts and connections; null for a path that is none of them. */
export function accountAnswer(
  path: string,
  query: URLSearchParams,
  scene: string,
  body: Record<string, unknown>,
): Answer | null {
  const me = meOf(scene);
  const current = '/workspaces/current';
  switch (path) {
    case 'GET /connections':
      if (scene === 'failed') return problem(503, 'unavailable', 'Not available just now');
      return ok(connectionsOf(scene));
    case 'GET /auth/meta/accounts':
      if (scene === 'failed') return problem(404, 'not-found', 'Nothing here');
      return ok({ accounts: makeAccounts() });
    case 'POST /auth/meta/accounts':
      return ok(
        { connections: [{ id: makeCard().id, account_id: '1', label: 'Defang Labs' }] },
        201,
      );
    case 'POST /auth/meta/start':
    case 'POST /auth/google/start':
    case 'POST /auth/shopify/start':
      return problem(409, 'provider-not-configured', 'This platform is not set up here');
    case `GET ${current}`:
      return ok({ ...me.workspace, created_at: '2026-05-04T09:00:00Z' });
    case `PATCH ${current}`:
      return ok({ ...me.workspace, ...body, created_at: '2026-05-04T09:00:00Z' });
    case `POST ${current}/leave`:
      return { ...done, scene: 'nowhere' };
    case `GET ${current}/members`:
      return ok({ members: makeMembers(me, scene === 'alone') });
    case `GET ${current}/invitations`:
      return ok({ invitations: scene === 'alone' ? [] : makeInvitations() });
    case `POST ${current}/invitations`: {
      const made = body as unknown as NewInvitation;
      const invitation = makeInvitation({ role: made.role, email: made.email ?? null });
      return ok(
        { invitation, link: 'http://127.0.0.1:4178/app/invitation#open-invitation-0' },
        201,
      );
    }
    case 'POST /workspaces/invitations/preview':
      return preview(String(body.token));
    case 'POST /workspaces/invitations/accept':
      if (String(body.token).startsWith('member'))
        return problem(409, 'already-member', 'You are a member already');
      return { ...ok(meOf('another')), scene: 'another' };
    case `GET ${current}/api-keys`:
      return ok({ api_keys: scene === 'alone' ? [] : makeKeys() });
    case `POST ${current}/api-keys`: {
      const made = body as unknown as NewApiKey;
      const api_key = makeKey({ name: made.name, scopes: made.scopes, last_used_at: null });
      return ok({ api_key, key: `mx_live_${'Q3x9kD'.repeat(7)}0` }, 201);
    }
    case `GET ${current}/audit`:
      return ok(auditOf(query.get('cursor')));
    case 'GET /auth/sessions':
      return ok({ sessions: makeSessions() });
    case 'DELETE /auth/sessions':
      return query.get('keep_current') === 'true' ? done : { ...done, scene: '' };
    case 'PATCH /auth/me':
      return ok({ ...me, user: { ...me.user, ...body } });
    case 'POST /auth/password':
      return body.current === 'wrong'
        ? problem(403, 'wrong-password', 'The password is wrong')
        : done;
    case 'POST /workspaces':
      return { ...ok(me.workspace, 201), scene: 'needs-setup' };
    default:
      return rest(path, me);
  }
}

/** Paths with an id in them. */
function rest(path: string, me: Me): Answer | null {
  if (/^POST \/workspaces\/[^/]+\/enter$/.test(path)) {
    const scene = path.includes(OTTER_ID) ? 'another' : 'owner';
    return { ...ok(meOf(scene)), scene };
  }
  if (/^PATCH \/workspaces\/current\/members\//.test(path)) return ok(makeMembers(me)[1]);
  if (/^DELETE \/(workspaces|auth\/sessions|connections)\//.test(path)) return done;
  if (/^(POST|PATCH) \/connections\//.test(path)) return ok(makeCard());
  return null;
}

function preview(token: string): Answer {
  if (token.startsWith('over')) return problem(410, 'invitation-over', 'This invitation is over');
  if (token.startsWith('unknown'))
    return problem(404, 'invitation-not-found', 'No such invitation');
  if (token.startsWith('bound')) return ok(makePreview({ email: 'grace@defanglabs.com' }));
  return ok(makePreview());
}
