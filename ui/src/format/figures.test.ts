import { describe, expect, it } from 'vitest';
import { formatCount, formatFigure, formatMoney } from './figures.ts';

const usd = { currency: 'USD' };

describe('money', () => {
  it('is micros of the currency, to its last decimal', () => {
    expect(formatMoney(48_213_560_000, 'USD')).toBe('$48,213.56');
    expect(formatMoney(-1_230_000, 'EUR')).toBe('-€1.23');
  });

  it('has no decimals where the currency has none, and three where it has three', () => {
    expect(formatMoney(48_213_000_000, 'JPY')).toBe('¥48,213');
    expect(formatMoney(83_400_000, 'JPY', true)).toBe('¥83');
    expect(formatMoney(1_234_000, 'KWD')).toContain('1.234');
  });

  it('shortens from a thousand on, and keeps cents of small amounts', () => {
    expect(formatMoney(48_213_560_000, 'USD', true)).toBe('$48.2K');
    expect(formatMoney(2_400_000_000_000, 'USD', true)).toBe('$2.4M');
    expect(formatMoney(660_000, 'USD', true)).toBe('$0.66');
    expect(formatMoney(900_000_000, 'USD', true)).toBe('$900');
  });
});

describe('figures', () => {
  it('are "–" where there is none, and 0 where there is a zero', () => {
    expect(formatFigure(null, 'ratio', usd)).toBe('–');
    expect(formatFigure(undefined, 'count', usd)).toBe('–');
    expect(formatFigure(Number.NaN, 'fraction', usd)).toBe('–');
    expect(formatFigure(0, 'money_micros', usd)).toBe('$0.00');
  });

  it('are told in their unit', () => {
    expect(formatFigure(0.0139, 'fraction', usd)).toBe('1.39%');
    expect(formatFigure(3.7149, 'ratio', usd)).toBe('3.71×');
    expect(formatFigure(1_407, 'count', usd)).toBe('1,407');
  });

  it('keep the part of a modelled conversion', () => {
    expect(formatCount(12.5)).toBe('12.5');
    expect(formatCount(12)).toBe('12');
  });
});
