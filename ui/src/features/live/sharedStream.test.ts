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
    onEvent: ({ event = 'message', data }) => heard.push(`${event} ${data}`),
  });
  return { ...stream, heard, status: () => status.state };
}

it('tabs share one connection: what one hears, all hear', async () => {
  const fetch = vi.fn(async () => new Response(sent('id: 7\ndata: news\n\n')));
  const [first, second] = [tab('shared', fetch), tab('shared', fetch)];
  await vi.waitFor(() => expect(second.heard).toContain('message news'));
  expect(first.heard).toEqual(['message news']);
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

it('a tab that was hidden for a moment hears what it missed', async () => {
  let say: (text: string) => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (to) => {
      say = (text) => to.enqueue(new TextEncoder().encode(text));
    },
  });
  const fetch = vi.fn(async () => new Response(body));
  const [first, second] = [tab('glanced', fetch), tab('glanced', fetch)];
  await vi.waitFor(() => expect(first.status()).toBe('connected'));
  say('event: change\nid: 1\ndata: one\n\n');
  await vi.waitFor(() => expect(second.heard).toEqual(['change one']));
  hide(true);
  say('event: change\nid: 2\ndata: two\n\nevent: change\nid: 3\ndata: three\n\n');
  await vi.waitFor(() => expect(first.heard).toContain('change three'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(second.heard).toEqual(['change one']);
  hide(false);
  // Not as the last change, which would not name what the one before it did.
  await vi.waitFor(() => expect(second.heard).toEqual(['change one', 'snapshot three']));
  first.end();
  second.end();
});

function hide(hidden: boolean) {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

/** A stream that says this and stays open. */
const sent = (text: string) =>
  new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode(text)) });
