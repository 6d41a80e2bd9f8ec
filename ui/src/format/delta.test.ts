import { describe, expect, it } from 'vitest';
import type { Delta } from '@/api/contract.ts';
import { describeDelta } from './delta.ts';

const delta = (kind: Delta['kind'], value: number | null = null, more = {}): Delta => ({
  kind,
  value,
  reason: null,
  estimated: false,
  ...more,
});

describe('a delta', () => {
  it('is good when what should rise rises, and when what should fall falls', () => {
    expect(describeDelta(delta('percent', 0.12), 'higher').meaning).toBe('good');
    expect(describeDelta(delta('percent', -0.12), 'higher').meaning).toBe('bad');
    expect(describeDelta(delta('percent', 0.12), 'lower').meaning).toBe('bad');
    expect(describeDelta(delta('percent', -0.12), 'lower').meaning).toBe('good');
  });

  it('of spend is neither', () => {
    expect(describeDelta(delta('percent', 0.4), 'neutral').meaning).toBe('neutral');
  });

  it('carries its sign in text, so that colour is never alone', () => {
    expect(describeDelta(delta('percent', 0.083), 'higher').text).toBe('+8.3%');
    expect(describeDelta(delta('percent', -0.12), 'lower').text).toBe('−12%');
    expect(describeDelta(delta('percent', 0), 'higher').text).toBe('±0.0%');
  });

  it('of a rate is told in percentage points', () => {
    const said = describeDelta(delta('points', 0.0002), 'higher');
    expect(said.text).toBe('+0.02 pp');
    expect(said.spoken).toBe('up 0.02 percentage points, better');
  });

  it('from zero is new, never plus a hundred percent', () => {
    expect(describeDelta(delta('new'), 'higher').text).toBe('new');
  });

  it('that cannot be said is "–" with its reason', () => {
    const said = describeDelta(delta('none', null, { reason: 'No figures before May.' }), 'higher');
    expect(said.text).toBe('–');
    expect(said.spoken).toContain('No figures before May.');
  });

  it('that rounds to nothing moves nowhere', () => {
    const said = describeDelta(delta('percent', 0.0001), 'lower');
    expect(said).toMatchObject({ direction: 'flat', meaning: 'neutral', spoken: 'unchanged' });
  });

  it('says when it is an estimate', () => {
    expect(describeDelta(delta('percent', 0.2, { estimated: true }), 'higher').text).toBe('≈ +20%');
  });
});
