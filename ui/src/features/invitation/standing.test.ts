import { expect, it } from 'vitest';
import { Problem } from '@/api/problem.ts';
import type { PartView } from '@/components/view.ts';
import { makeMe } from '../../../dev/fixtures/me.ts';
import { makePreview } from '../../../dev/fixtures/people.ts';
import { standing } from './standing.ts';

const me = makeMe({ email: 'Grace@defanglabs.com' });
const problem = (code: string, status = 404) => new Problem({ status, code, title: code });
const failed = (code: string): PartView<never> => ({
  state: 'failed',
  problem: problem(code),
  retry: () => undefined,
});
const ready = (email: string | null = null): PartView<ReturnType<typeof makePreview>> => ({
  state: 'ready',
  data: makePreview({ email }),
  toldAt: 0,
  stale: null,
});

it.each([
  ['no-token', null, ready(), me, null],
  ['unknown', 't', failed('invitation-not-found'), me, null],
  ['unknown', 't', failed('invalid-request'), me, null],
  ['over', 't', failed('invitation-over'), null, null],
  ['failed', 't', failed('unavailable'), me, null],
  ['loading', 't', ready(), undefined, null],
  ['signed-out', 't', ready(), null, null],
  ['open', 't', ready(), me, null],
  ['open', 't', ready('grace@defanglabs.com'), me, null],
  ['for-another', 't', ready('ada@defanglabs.com'), me, null],
  ['for-another', 't', ready(), me, problem('invitation-for-another', 403)],
  ['member', 't', ready(), me, problem('already-member', 409)],
  ['over', 't', ready(), me, problem('invitation-over', 410)],
  ['open', 't', ready(), me, problem('unavailable', 503)],
] as const)('stands %s', (state, token, view, who, refused) => {
  expect(standing(token, view, who, refused).state).toBe(state);
});
