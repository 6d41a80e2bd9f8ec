import { expect, it } from 'vitest';
import { troubleOf } from './trouble.ts';

it('says what a dead token means, and keeps what the platform said', () => {
  const reason = 'token-dead: Error validating access token: Session has expired (code 190/463)';
  expect(troubleOf({ provider: 'meta', reason })).toEqual({
    meaning: 'Meta no longer accepts the access token.',
    said: 'Error validating access token: Session has expired (code 190/463)',
  });
});

it('shows a reason of an unknown kind as it stands', () => {
  const reason = 'odd: the moon is full';
  expect(troubleOf({ provider: 'google', reason })).toEqual({ meaning: reason, said: null });
  expect(troubleOf({ provider: 'meta', reason: null })).toEqual({ meaning: null, said: null });
});
