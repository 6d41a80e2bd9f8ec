import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Where the connection stands; `lastHeardAt` is the page's clock at the last byte. */
export type LiveStatus =
  | { state: 'connecting' }
  | { state: 'connected'; lastHeardAt: number }
  | { state: 'reconnecting'; retryAt: number; attempt: number }
  | { state: 'paused' }
  | { state: 'refused' };

export interface StreamOptions {
  url: string;
  onEvent: (event: EventSourceMessage) => void;
  onStatus: (status: LiveStatus) => void;
  /** The session has ended; the page asks for a log-in. */
  onUnauthorized?: () => void;
  /** Silence after which a connection counts as dead: twice the server's heartbeat. */
  silenceMs?: number;
  firstRetryMs?: number;
  longestRetryMs?: number;
  fetch?: typeof fetch;
  random?: () => number;
}

export interface LiveStream {
  start: () => void;
  /** Lets go of the connection; the position is kept for the next start. */
  pause: () => void;
  retryNow: () => void;
  /** Takes over a position that another tab has reached. */
  resumeFrom: (eventId: string | undefined) => void;
}

/**
 * One event stream over fetch that never gives up: it resumes with Last-Event-ID after an error, a
 * clean end and a silence. Waiting grows with each failure and shrinks back with the first event.
 */
export function liveStream(options: StreamOptions): LiveStream {
  const silenceMs = options.silenceMs ?? 20_000;
  const random = options.random ?? Math.random;
  let baseRetryMs = options.firstRetryMs ?? 2_000;
  let lastEventId: string | undefined;
  let attempt = 0;
  let current: AbortController | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  function start() {
    if (current || retryTimer) return;
    void connect();
  }

  function pause() {
    stop();
    attempt = 0;
    options.onStatus({ state: 'paused' });
  }

  function retryNow() {
    stop();
    void connect();
  }

  function stop() {
    clearTimeout(retryTimer);
    clearTimeout(silenceTimer);
    retryTimer = undefined;
    current?.abort();
    current = undefined;
  }

  async function connect() {
    const controller = new AbortController();
    current = controller;
    if (attempt === 0) options.onStatus({ state: 'connecting' });
    try {
      heard(controller, false);
      const response = await open(controller.signal);
      if (response.status === 401 || response.status === 403) return refused(controller);
      if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}`);
      await read(response.body, controller);
    } catch {
      // Any failure is answered alike: by the next attempt.
    }
    if (current === controller) reconnect();
  }

  function open(signal: AbortSignal) {
    return (options.fetch ?? fetch)(options.url, {
      signal,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
      },
    });
  }

  async function read(body: ReadableStream<Uint8Array>, controller: AbortController) {
    const parser = createParser({
      onId: (id) => {
        lastEventId = id || undefined;
      },
      onEvent: (event) => {
        attempt = 0;
        options.onEvent(event);
      },
      onComment: () => {
        attempt = 0; // a heartbeat: after a resume with nothing new it is all that comes
      },
      onRetry: (milliseconds) => {
        baseRetryMs = milliseconds;
      },
    });
    const reader = body.getReader();
    const decoder = new TextDecoder();
    heard(controller);
    for (;;) {
      const { done, value } = await reader.read();
      if (done || current !== controller) return;
      heard(controller);
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  function heard(controller: AbortController, connected = true) {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => controller.abort(), silenceMs);
    if (connected && current === controller)
      options.onStatus({ state: 'connected', lastHeardAt: Date.now() });
  }

  function refused(controller: AbortController) {
    if (current !== controller) return;
    stop();
    options.onStatus({ state: 'refused' });
    options.onUnauthorized?.();
  }

  function reconnect() {
    stop();
    const longest = Math.min(baseRetryMs * 2 ** attempt, options.longestRetryMs ?? 30_000);
    const wait = longest * (0.75 + random() * 0.25); // many tabs must not come back at once
    attempt += 1;
    options.onStatus({ state: 'reconnecting', retryAt: Date.now() + wait, attempt });
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      void connect();
    }, wait);
  }

  function resumeFrom(eventId: string | undefined) {
    lastEventId = eventId ?? lastEventId;
  }

  return { start, pause, retryNow, resumeFrom };
}
