import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveStatus, liveStream } from './stream.ts';

/** A server that a test plays by hand: each connection can speak, end, or fall silent. */
class Stage {
  connections: { headers: Headers; say: (text: string) => void; end: () => void }[] = [];
  refuseWith: number | 'network' | null = null;

  fetch = (async (_url: string, init: RequestInit) => {
    if (this.refuseWith === 'network') throw new TypeError('network');
    if (this.refuseWith) return new Response('', { status: this.refuseWith });
    const encoder = new TextEncoder();
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (started) => {
        controller = started;
        init.signal?.addEventListener('abort', () => started.error(new Error('aborted')));
      },
    });
    this.connections.push({
      headers: new Headers(init.headers),
      say: (text) => controller.enqueue(encoder.encode(text)),
      end: () => controller.close(),
    });
    return new Response(body);
  }) as unknown as typeof fetch;

  get last() {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error('nobody has connected');
    return connection;
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the live stream', () => {
  let stage: Stage;
  let statuses: LiveStatus[];
  let events: (string | undefined)[];
  let unauthorized: number;

  const open = () => {
    const stream = liveStream({
      url: '/live',
      fetch: stage.fetch,
      random: () => 1,
      onEvent: ({ data }) => events.push(data),
      onStatus: (status) => statuses.push(status),
      onUnauthorized: () => {
        unauthorized += 1;
      },
    });
    stream.start();
    return stream;
  };
  const state = () => statuses.at(-1)?.state;

  beforeEach(() => {
    vi.useFakeTimers();
    stage = new Stage();
    statuses = [];
    events = [];
    unauthorized = 0;
  });
  afterEach(() => vi.useRealTimers());

  it('tells events, also those that arrive in pieces', async () => {
    open();
    await settle();
    stage.last.say('event: change\nid: a=1\nda');
    stage.last.say('ta: one\n\n');
    await settle();
    expect(events).toEqual(['one']);
    expect(state()).toBe('connected');
  });

  it('comes back after a clean end, and says where it was', async () => {
    open();
    await settle();
    stage.last.say('id: a=7\ndata: one\n\n');
    await settle();
    stage.last.end();
    await settle();
    expect(state()).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stage.connections).toHaveLength(2);
    expect(stage.last.headers.get('last-event-id')).toBe('a=7');
  });

  it('waits longer with each failure, and short again after an event', async () => {
    stage.refuseWith = 'network';
    open();
    const waits: number[] = [];
    for (let failure = 0; failure < 3; failure += 1) {
      await settle();
      const status = statuses.at(-1);
      if (status?.state !== 'reconnecting') throw new Error(`not reconnecting: ${state()}`);
      waits.push(status.retryAt - Date.now());
      if (failure === 2) stage.refuseWith = null;
      await vi.advanceTimersByTimeAsync(status.retryAt - Date.now());
    }
    expect(waits).toEqual([2_000, 4_000, 8_000]);
    stage.last.say('data: one\n\n');
    await settle();
    stage.last.end();
    await settle();
    const status = statuses.at(-1);
    expect(status?.state === 'reconnecting' && status.retryAt - Date.now()).toBe(2_000);
  });

  it('takes silence of two heartbeats for a dead connection', async () => {
    open();
    await settle();
    await vi.advanceTimersByTimeAsync(15_000);
    stage.last.say(': beat\n\n');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(state()).toBe('connected');
    await vi.advanceTimersByTimeAsync(6_000);
    expect(state()).toBe('reconnecting');
  });

  it('lets go when paused, and resumes from its position', async () => {
    const stream = open();
    await settle();
    stage.last.say('id: a=9\ndata: one\n\n');
    await settle();
    stream.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toBe('paused');
    expect(stage.connections).toHaveLength(1);
    stream.start();
    await settle();
    expect(stage.last.headers.get('last-event-id')).toBe('a=9');
  });

  it('does not knock at a door that asks for a log-in', async () => {
    stage.refuseWith = 401;
    open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toBe('refused');
    expect(unauthorized).toBe(1);
  });

  it('obeys the server’s own waiting time', async () => {
    open();
    await settle();
    stage.last.say('retry: 500\ndata: one\n\n');
    await settle();
    stage.last.end();
    await settle();
    const status = statuses.at(-1);
    expect(status?.state === 'reconnecting' && status.retryAt - Date.now()).toBe(500);
  });
});
