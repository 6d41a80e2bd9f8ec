import { expect, it } from 'vitest';
import { describeLive, spokenLive } from './describe.ts';

it('the dot turns amber by itself when a connection falls silent', () => {
  const status = { state: 'connected', lastHeardAt: 0 } as const;
  expect(describeLive(status, 9_000)).toMatchObject({ colour: 'green', label: 'Live' });
  expect(describeLive(status, 17_000)).toMatchObject({ colour: 'amber', label: 'Silent 17 s' });
});

it('a lost connection counts down to its next attempt', () => {
  const status = { state: 'reconnecting', retryAt: 5_000, attempt: 2 } as const;
  expect(describeLive(status, 1_400)).toMatchObject({ colour: 'amber', label: 'Retry in 4 s' });
  expect(describeLive(status, 5_100).label).toBe('Reconnecting');
});

it('a hidden tab is grey, for it rests', () => {
  expect(describeLive({ state: 'paused' }, 0)).toMatchObject({ colour: 'grey', label: 'Paused' });
});

it('says aloud that the connection was lost and is back, not each second of the wait', () => {
  const lost = (attempt: number) =>
    spokenLive({ state: 'reconnecting', retryAt: attempt * 1_000, attempt });
  expect(lost(1)).toBe('The live connection was lost; trying again.');
  expect(lost(2)).toBe(lost(1));
  expect(spokenLive({ state: 'connected', lastHeardAt: 0 })).toBe('Figures are live.');
});
