import { expect, it } from 'vitest';
import { makeEntry } from '../../../dev/fixtures/people.ts';
import { sentenceOf } from './audit.ts';

it.each([
  [{}, 'Ada Lovelace changed Grace Hopper’s role from viewer to admin.'],
  [
    { action: 'member.role-changed', target: 'James' },
    'Ada Lovelace changed James’ role from viewer to admin.',
  ],
  [
    { action: 'invitation.made', target: null, details: { role: 'viewer' } },
    'Ada Lovelace made an invitation for a viewer.',
  ],
  [
    {
      action: 'workspace.changed',
      target: null,
      details: { currency: { from: 'USD', to: 'EUR' }, week_start: 'sunday' },
    },
    'Ada Lovelace changed the currency from USD to EUR and the week start to Sunday.',
  ],
  [
    {
      action: 'token.not-revoked',
      target: '5b0e1c9e-0000-4000-8000-000000000001',
      details: { provider: 'meta', reason: 'no answer' },
    },
    'Ada Lovelace could not give an access back to Meta, and deleted its token (no answer).',
  ],
  [
    {
      action: 'connection.paused',
      target: 'Defang Labs',
      actor: { kind: 'api-key' as const, id: null, name: 'Looker' },
    },
    'The API key “Looker” paused Defang Labs.',
  ],
  [
    {
      action: 'token.dead',
      details: { provider: 'google' },
      actor: { kind: 'system' as const, id: null, name: null },
    },
    'metricx found that Google no longer accepts an access token.',
  ],
  [
    {
      action: 'workspace.left',
      target: null,
      actor: { kind: 'user' as const, id: null, name: null },
    },
    'Somebody who is gone left the workspace.',
  ],
  [
    { action: 'key.made', target: 'Looker', details: { scopes: ['read'] } },
    'Ada Lovelace made the API key “Looker”.',
  ],
  [
    { action: 'key.revoked', target: '5b0e1c9e-0000-4000-8000-000000000001' },
    'Ada Lovelace revoked an API key.',
  ],
])('a change reads as a sentence: %o', (changes, sentence) => {
  expect(sentenceOf(makeEntry(changes))).toBe(sentence);
});

it('tells by its own words what this page does not know yet', () => {
  const entry = makeEntry({ action: 'report.sent-out', target: 'Monthly' });
  expect(sentenceOf(entry)).toBe('Ada Lovelace: report sent out (Monthly).');
});
