import type { LiveStatus } from './stream.ts';

export interface LiveText {
  colour: 'green' | 'amber' | 'grey';
  label: string;
  detail: string;
  canRetry: boolean;
}

/** What is worth saying aloud: it changes with the connection, not with each second. */
export function spokenLive({ state }: LiveStatus): string {
  switch (state) {
    case 'connected':
      return 'Figures are live.';
    case 'reconnecting':
      return 'The live connection was lost; trying again.';
    case 'refused':
      return 'Figures are not live: the session has ended.';
    case 'connecting':
    case 'paused':
      return '';
  }
}

/** The server's heartbeat; after one and a half of it the page says that it hears nothing. */
const HEARTBEAT_MS = 10_000;

/** A status as colour and words at an instant of the page's clock. */
export function describeLive(status: LiveStatus, now: number): LiveText {
  switch (status.state) {
    case 'connected': {
      const silent = now - status.lastHeardAt;
      if (silent > HEARTBEAT_MS * 1.5) {
        const seconds = Math.floor(silent / 1_000);
        return text('amber', `Silent ${seconds} s`, 'Nothing heard from the server; checking.');
      }
      return text('green', 'Live', 'New figures appear by themselves.');
    }
    case 'connecting':
      return text('amber', 'Connecting', 'Opening the live connection.');
    case 'reconnecting': {
      const seconds = Math.max(0, Math.ceil((status.retryAt - now) / 1_000));
      return {
        ...text(
          'amber',
          seconds > 0 ? `Retry in ${seconds} s` : 'Reconnecting',
          'The live connection was lost. Figures stay as they were.',
        ),
        canRetry: true,
      };
    }
    case 'paused':
      return text('grey', 'Paused', 'Updates rest while this tab is hidden.');
    case 'refused':
      return text('grey', 'Not live', 'The session has ended. Log in again for live figures.');
  }
}

const text = (colour: LiveText['colour'], label: string, detail: string): LiveText => ({
  colour,
  label,
  detail,
  canRetry: false,
});
