import { expect, it } from 'vitest';
import { makePayload } from '../../../dev/fixtures/live.ts';
import { readPayload } from './payload.ts';

const told = makePayload('2026-11-21', 5_000_000);

it('an event is read as it was sent', () => {
  expect(readPayload(JSON.stringify(told))).toEqual(told);
});

it('an event whose changes cannot be read is not one without changes', () => {
  expect(readPayload(JSON.stringify({ ...told, changed: 'all' }))).toBeNull();
  expect(readPayload(JSON.stringify({ ...told, changed: [{ days: [] }] }))).toBeNull();
  expect(readPayload('{')).toBeNull();
});
