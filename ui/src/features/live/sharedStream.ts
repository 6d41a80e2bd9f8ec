import type { EventSourceMessage } from 'eventsource-parser';
import { type LiveStatus, liveStream, type StreamOptions } from './stream.ts';

interface SharedOptions extends Omit<StreamOptions, 'onStatus' | 'onEvent'> {
  /** Tabs of one person in one workspace share a connection: browsers allow about six per host. */
  name: string;
  onStatus: (status: LiveStatus) => void;
  onEvent: (event: EventSourceMessage) => void;
  /** How long a hidden tab stays connected, so that a glance elsewhere costs nothing. */
  graceMs?: number;
}

type Said =
  | { kind: 'hello' }
  | { kind: 'hurry' }
  | { kind: 'status'; status: LiveStatus }
  | { kind: 'event'; event: EventSourceMessage };

/** Starts the tab's share in the one stream; the returned functions end it or hurry a retry. */
export function sharedStream(options: SharedOptions) {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(options.name) : undefined;
  let leading = false;
  let release: (() => void) | undefined;
  let waiting: AbortController | undefined;
  let hideTimer: ReturnType<typeof setTimeout> | undefined;
  let lastStatus: LiveStatus = { state: 'connecting' };
  let lastEvent: EventSourceMessage | undefined;

  const stream = liveStream({
    ...options,
    onStatus: (status) => {
      lastStatus = status;
      options.onStatus(status);
      if (leading) say({ kind: 'status', status });
    },
    onEvent: (event) => {
      lastEvent = event;
      options.onEvent(event);
      say({ kind: 'event', event });
    },
  });

  function say(said: Said) {
    channel?.postMessage(said);
  }

  function hear({ data }: MessageEvent<Said>) {
    if (leading) {
      if (data.kind === 'hurry') stream.retryNow();
      if (data.kind !== 'hello') return;
      say({ kind: 'status', status: lastStatus });
      if (lastEvent) say({ kind: 'event', event: asSnapshot(lastEvent) });
    } else if (!document.hidden) {
      if (data.kind === 'status') options.onStatus(data.status);
      if (data.kind === 'event') {
        lastEvent = data.event;
        stream.resumeFrom(data.event.id);
        options.onEvent(data.event);
      }
    }
  }

  function join() {
    if (leading) return;
    say({ kind: 'hello' }); // also after a glance elsewhere: what was told meanwhile was not heard
    if (waiting) return;
    if (!navigator.locks) return lead();
    const controller = new AbortController();
    waiting = controller;
    navigator.locks
      .request(options.name, { signal: controller.signal }, () => {
        waiting = undefined;
        lead();
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => undefined); // this tab was hidden before its turn came
  }

  function lead() {
    leading = true;
    stream.start();
  }

  function leave() {
    waiting?.abort();
    waiting = undefined;
    stream.pause();
    leading = false;
    release?.();
    release = undefined;
  }

  function followVisibility() {
    clearTimeout(hideTimer);
    if (document.hidden) hideTimer = setTimeout(leave, options.graceMs ?? 10_000);
    else join();
  }

  channel?.addEventListener('message', hear);
  document.addEventListener('visibilitychange', followVisibility);
  followVisibility();

  return {
    retryNow: () => {
      if (leading) stream.retryNow();
      else say({ kind: 'hurry' });
    },
    end: () => {
      clearTimeout(hideTimer);
      document.removeEventListener('visibilitychange', followVisibility);
      leave();
      channel?.close();
    },
  };
}

/** For a tab that may have missed more than the last event: a change would name too little. */
const asSnapshot = (event: EventSourceMessage): EventSourceMessage =>
  event.event === 'change' ? { ...event, event: 'snapshot' } : event;
