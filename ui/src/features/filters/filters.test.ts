import { expect, it } from 'vitest';
import { dashboardQuery, settle } from './filters.ts';
import { keepPreference, readPreference } from './preference.ts';

const NOW = '2026-11-21';

it('the address stands over the stored choice, and that over the default', () => {
  expect(settle({}, {}, NOW)).toMatchObject({ range: '28d', comparison: 'dow' });
  expect(settle({}, { r: '7d', cmp: 'off' }, NOW)).toMatchObject({ range: '7d', against: null });
  expect(settle({ r: 'mtd', cmp: 'yoy' }, { r: '7d', cmp: 'off' }, NOW)).toMatchObject({
    range: 'mtd',
    against: { from: '2025-11-01', to: '2025-11-21' },
  });
});

it('a custom comparison without dates is the default one', () => {
  expect(settle({ r: '7d', cmp: 'custom' }, {}, NOW)).toMatchObject({
    comparison: 'dow',
    against: { from: '2026-11-08', to: '2026-11-14' },
  });
});

it('custom dates never outlive the session', () => {
  keepPreference({ r: '7d', cmp: 'yoy' });
  keepPreference({ r: 'custom', cmp: 'custom' });
  expect(readPreference()).toEqual({});
});

it('a broken store is as good as none', () => {
  localStorage.setItem('metricx.filters', '{"r":"27d","cmp":4');
  expect(readPreference()).toEqual({});
});

it('a preset stays relative in the question to the server, own days are named', () => {
  expect(dashboardQuery(settle({ r: '28d' }, {}, NOW))).toEqual({
    timeframe: 'last_28_days',
    comparison: 'previous_period',
    match_weekdays: true,
  });
  const search = { r: 'custom', from: '2026-10-01', to: '2026-10-07', cmp: 'off' } as const;
  expect(dashboardQuery(settle(search, {}, NOW), 'roas')).toEqual({
    timeframe: 'custom',
    from: '2026-10-01',
    to: '2026-10-07',
    comparison: 'off',
    metric: 'roas',
  });
});
