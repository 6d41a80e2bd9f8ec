import { expect, it } from 'vitest';
import { dashboardQuery, settle } from './filters.ts';
import { fixedLink } from './fixedLink.ts';
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
  expect(dashboardQuery(settle(search, {}, NOW), { order: 'spend', falling: false })).toEqual({
    timeframe: 'custom',
    from: '2026-10-01',
    to: '2026-10-07',
    comparison: 'off',
    metric: 'spend',
    order: 'asc',
  });
});

it('days of one’s own that are missing, or more than can be read, are the usual ones', () => {
  const usual = { range: '28d', span: { from: '2026-10-25', to: '2026-11-21' } };
  expect(settle({ r: 'custom' }, {}, NOW)).toMatchObject(usual);
  expect(settle({ r: 'custom', from: '2026-10-01' }, {}, NOW)).toMatchObject(usual);
  const long = { r: 'custom', from: '2025-10-17', to: '2026-11-21' } as const; // 401 days
  expect(settle(long, {}, NOW)).toMatchObject(usual);
  expect(settle(long, { r: '7d' }, NOW)).toMatchObject({ range: '7d' });
  expect(settle({ ...long, from: '2025-10-18' }, {}, NOW)).toMatchObject({ range: 'custom' });
  expect(
    settle({ cmp: 'custom', cfrom: '2020-01-01', cto: '2026-01-01' }, {}, NOW).comparison,
  ).toBe('dow');
});

it('days of one’s own may be named in either order', () => {
  const turned = { r: 'custom', from: '2026-11-07', to: '2026-11-01' } as const;
  expect(settle(turned, {}, NOW).span).toEqual({ from: '2026-11-01', to: '2026-11-07' });
});

it('a fixed link names the days that are shown, and keeps the rest of the address', () => {
  const href = 'https://metricx.example/app/?r=7d&cmp=dow&m=roas';
  expect(fixedLink(href, settle({ r: '7d', cmp: 'dow' }, {}, NOW))).toBe(
    'https://metricx.example/app/?r=custom&cmp=custom&m=roas' +
      '&from=2026-11-15&to=2026-11-21&cfrom=2026-11-08&cto=2026-11-14',
  );
  const alone = 'https://metricx.example/app/?cfrom=2026-01-01&cto=2026-01-02';
  expect(fixedLink(alone, settle({ r: 'today', cmp: 'off' }, {}, NOW))).toBe(
    'https://metricx.example/app/?r=custom&from=2026-11-21&to=2026-11-21&cmp=off',
  );
});
