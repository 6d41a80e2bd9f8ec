import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sharedStream } from './sharedStream.ts';
import type { LiveStatus } from './stream.ts';

/** Locks as a browser has them, among the tabs of this test. */
function fakeLocks() {
  let held: Promise<void> = Promise.resolve();
  return {
    request: (_name: string, { signal }: { signal: AbortSignal }, lead: () => Promise<void>) => {
      held = held.then(() => (signal.aborted ? undefined : lead()));
      return held;
    },
  };
}

beforeEach(() => {
  Object.defineProperty(navigator, 'locks', { value: fakeLocks(), configurable: true });
});
afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks');
});

function tab(name: string, fetch: typeof globalThis.fetch) {
  const heard: string[] = [];
  let status: LiveStatus = { state: 'connecting' };
  const stream = sharedStream({
    url: '/live',
    name,
    fetch,
    firstRetryMs: 60_000,
    onStatus: (told) => {
      status = told;
    },
    onEvent: ({ data }) => heard.push(data),
  });
  return { ...stream, heard, status: () => status.state };
}

it('tabs share one connection: what one hears, all hear', async () => {
  const fetch = vi.fn(async () => new Response(sent('id: 7\ndata: news\n\n')));
  const [first, second] = [tab('shared', fetch), tab('shared', fetch)];
  await vi.waitFor(() => expect(second.heard).toContain('news'));
  expect(first.heard).toEqual(['news']);
  await vi.waitFor(() => expect(second.status()).toBe(first.status()));
  expect(fetch).toHaveBeenCalledTimes(1);
  first.end();
  second.end();
});

it('a tab that only listens can hurry the one that is connected', async () => {
  const fetch = vi.fn(async () => new Response(null, { status: 503 }));
  const [first, second] = [tab('hurried', fetch), tab('hurried', fetch)];
  await vi.waitFor(() => expect(second.status()).toBe('reconnecting'));
  second.retryNow();
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(2));
  first.end();
  second.end();
});

/** A stream that says this and stays open. */
const sent = (text: string) =>
  new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode(text)) });
