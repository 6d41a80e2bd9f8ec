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
    { action: 'connection.disconnected', target: 'Defang Labs', details: { revoked: false } },
    'Ada Lovelace disconnected Defang Labs; the platform could not be told.',
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
      action: 'token.renewed',
      target: 'Defang Labs',
      actor: { kind: 'system' as const, id: null, name: null },
    },
    'metricx renewed the access to Defang Labs.',
  ],
  [
    {
      action: 'member.left',
      target: null,
      actor: { kind: 'user' as const, id: null, name: null },
    },
    'Somebody who is gone left the workspace.',
  ],
])('a change reads as a sentence: %o', (changes, sentence) => {
  expect(sentenceOf(makeEntry(changes))).toBe(sentence);
});

it('tells by its own words what this page does not know yet', () => {
  const entry = makeEntry({ action: 'report.sent-out', target: 'Monthly' });
  expect(sentenceOf(entry)).toBe('Ada Lovelace: report sent out (Monthly).');
});
