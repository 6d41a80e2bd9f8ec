import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { LiveEvent } from '@/api/contract.ts';
import { ME_KEY, useMe } from '@/features/session/api/me.ts';
import { readPayload } from './payload.ts';
import { changes, refetcher, snapshot } from './refetch.ts';
import { sharedStream } from './sharedStream.ts';
import type { LiveStatus } from './stream.ts';

export interface Live {
  status: LiveStatus;
  retryNow: () => void;
}

const LiveContext = createContext<Live>({
  status: { state: 'connecting' },
  retryNow: () => undefined,
});
const TodayContext = createContext<LiveEvent | null>(null);

export const useLive = () => useContext(LiveContext);
/** What the stream last told of today, per account; null before the first event. */
export const useTodayTold = () => useContext(TodayContext);

/** Holds the one connection of the page, and lets its events refetch what they touch. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { user, workspace } = useMe();
  const [status, setStatus] = useState<LiveStatus>({ state: 'connecting' });
  const [today, setToday] = useState<LiveEvent | null>(null);
  const retry = useRef<() => void>(() => undefined);

  useEffect(() => {
    const refetch = refetcher(client);
    const askWho = () => void client.invalidateQueries({ queryKey: ME_KEY });
    let wasLost = false;
    const follow = (next: LiveStatus) => {
      setStatus(next);
      if (next.state === 'reconnecting' || next.state === 'paused') wasLost = true;
      if (next.state !== 'connected' || !wasLost) return;
      wasLost = false;
      askWho(); // it may be another's stream by now: the cookie is that of all tabs
    };
    const hear = (kind: string | undefined, told: LiveEvent | null) => {
      if (told) setToday(told);
      if (kind === 'change' && told) refetch.hear(changes(told));
      else if (kind === 'snapshot' && told) refetch.hear(snapshot(told.position));
      else refetch.hear(() => true); // a reset, or words that we do not know: read all anew
    };
    const stream = sharedStream({
      url: '/live',
      name: `metricx.live.${workspace.id}.${user.id}`,
      onStatus: follow,
      onEvent: ({ event, data }) => hear(event, readPayload(data)),
      onUnauthorized: askWho,
    });
    retry.current = stream.retryNow;
    return () => {
      stream.end();
      refetch.stop();
    };
  }, [client, workspace.id, user.id]);

  const live = useMemo(() => ({ status, retryNow: () => retry.current() }), [status]);
  return (
    <LiveContext value={live}>
      <TodayContext value={today}>{children}</TodayContext>
    </LiveContext>
  );
}
