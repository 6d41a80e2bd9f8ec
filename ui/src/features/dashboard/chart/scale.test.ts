import { describe, expect, it } from 'vitest';
import { ticksUpTo } from './scale.ts';

describe('the marks of the chart', () => {
  it.each([
    [3_847, [0, 1_000, 2_000, 3_000, 4_000]],
    [1_045, [0, 500, 1_000, 1_500]],
    [1_000, [0, 200, 400, 600, 800, 1_000]],
    [19, [0, 5, 10, 15, 20]],
  ])('are round numbers that reach %d', (top, marks) => {
    expect(ticksUpTo(top, 'money_micros')).toEqual(marks);
  });

  it('are whole where things are counted', () => {
    expect(ticksUpTo(2, 'count')).toEqual([0, 1, 2]);
  });

  it('reach a small rate, too', () => {
    expect(ticksUpTo(0.0117, 'fraction').map((mark) => mark.toFixed(3))).toEqual([
      '0.000',
      '0.005',
      '0.010',
      '0.015',
    ]);
  });

  it('are only the base where there is nothing', () => {
    expect(ticksUpTo(0, 'count')).toEqual([0]);
  });
});
