import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef } from 'react';
import { forget, ME_KEY } from './api/me.ts';

const NAME = 'metricx.session';
const TellContext = createContext<() => void>(() => undefined);

/** Tells all other tabs that somebody has logged in or out here. */
export const useTellTabs = () => useContext(TellContext);

/**
 * All tabs send one cookie, so whoever logs in or out in one does so in all. A tab that is told
 * forgets whom it took itself for before it asks anew: else it would show the figures of one
 * workspace under the name of another.
 */
export function SharedSession({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const channel = useRef<BroadcastChannel>(undefined);
  useEffect(() => {
    const opened = new BroadcastChannel(NAME);
    opened.onmessage = () => {
      void client.resetQueries({ queryKey: ME_KEY });
      forget(client);
    };
    channel.current = opened;
    return () => opened.close();
  }, [client]);
  const tell = useCallback(() => channel.current?.postMessage('changed'), []);
  return <TellContext value={tell}>{children}</TellContext>;
}
