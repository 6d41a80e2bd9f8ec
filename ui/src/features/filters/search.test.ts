import { expect, it } from 'vitest';
import { parseSearch, sortOf } from './search.ts';

it('a whole address is read', () => {
  const search = { r: 'custom', from: '2026-10-01', to: '2026-10-31', cmp: 'yoy', m: 'roas' };
  expect(parseSearch({ ...search, sort: 'cpa.asc', view: 'table' })).toEqual({
    ...search,
    sort: 'cpa.asc',
    view: 'table',
  });
});

it('what is unknown or invalid falls away, and the rest stands', () => {
  expect(
    parseSearch({
      r: '27d',
      from: '2026-02-30',
      to: 'yesterday',
      cmp: ['prev'],
      m: '<script>',
      sort: 'name.desc',
      view: 'pie',
      utm_source: 'mail',
      cfrom: '2026-01-01',
    }),
  ).toEqual({ cfrom: '2026-01-01' });
});

it('an empty address is no error', () => {
  expect(parseSearch({})).toEqual({});
  expect(sortOf({})).toEqual({ order: 'spend', falling: true });
});

it('a year that the API does not answer for falls away', () => {
  expect(parseSearch({ r: 'custom', from: '1999-12-31', to: '2100-01-01' })).toEqual({
    r: 'custom',
  });
});
