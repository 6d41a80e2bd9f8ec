import { expect, it } from 'vitest';
import { consentSearch } from './consentSearch.ts';
import { endingOf } from './endings.ts';
import { shopDomain } from './shopDomain.ts';

it.each([
  ['demo-store', 'demo-store.myshopify.com'],
  [' Demo-Store.myshopify.com ', 'demo-store.myshopify.com'],
  ['https://demo-store.myshopify.com/admin?x=1', 'demo-store.myshopify.com'],
  ['https://admin.shopify.com/store/demo-store/orders', 'demo-store.myshopify.com'],
  ['demo-store.example.com', null],
  ['evil.com/.myshopify.com', null],
  ['-x', null],
  ['', null],
])('what is typed as a shop, %o, is %o', (typed, domain) => {
  expect(shopDomain(typed)).toBe(domain);
});

const consent = 'c0a5e070-0000-4000-8000-000000000001';

it('takes from the address what a callback says, and nothing else', () => {
  expect(consentSearch({ consent, provider: 'meta' })).toEqual({ consent, provider: 'meta' });
  expect(consentSearch({ consent })).toEqual({}); // of whom?
  expect(consentSearch({ consent: 'x', provider: 'tiktok', problem: '<b>', more: '1' })).toEqual(
    {},
  );
  expect(consentSearch({ problem: 'consent-refused' })).toEqual({ problem: 'consent-refused' });
});

it.each([
  'consent-refused',
  'consent-expired',
  'other-account',
  'account-closed',
  'platform-refused',
  'platform-away',
  'new-one',
])('says what to do after %s', (code) => {
  const { title, remedy } = endingOf(code, 'Meta');
  expect(title).not.toBe('');
  expect(remedy).toMatch(/Connect|Reconnect|Try/);
});
