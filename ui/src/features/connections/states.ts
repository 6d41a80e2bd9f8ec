import type { CardState, ConnectionCard } from '@/api/contract.ts';
import { formatAge, formatDate, formatInstant, formatUntil } from '@/format/dates.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'neutral';

export interface CardStatus {
  word: string;
  tone: Tone;
  /** A sentence on what that means; null where the word says it all. */
  detail: string | null;
}

/** The share of the first read that is done, in whole per cent; only what is whole is 100. */
export function percentOf({ progress }: Pick<ConnectionCard, 'progress'>): number {
  if (!progress || progress.total <= 0) return 0;
  return Math.min(100, Math.max(0, Math.floor((progress.done / progress.total) * 100)));
}

/** How a connection does, in words, at an instant of the page's clock. */
export function statusOf(
  card: ConnectionCard,
  platform: string,
  now: number,
  zone: string,
): CardStatus {
  switch (card.state) {
    case 'waiting':
      return status('Waiting for its first read', 'busy', 'It begins by itself, within a minute.');
    case 'backfilling':
      return status(
        `Reading its history: ${percentOf(card)} %`,
        'busy',
        'The newest days come first. Figures appear while this goes on.',
      );
    case 'healthy':
      return status('Healthy', 'good', null);
    case 'late':
      return status('Late', 'warn', late(card, now));
    case 'rate-limited':
      return status(
        card.rate_limited_until
          ? `Rate-limited until ${formatInstant(card.rate_limited_until, zone)}`
          : 'Rate-limited',
        'warn',
        `${platform} asked metricx to wait. Reading goes on by itself.`,
      );
    case 'failing':
      return status(
        'Failing',
        'bad',
        card.failing_since && `Since ${formatInstant(card.failing_since, zone)}.`,
      );
    case 'paused':
      return status('Paused', 'neutral', 'Nothing is read until it is resumed; figures stay.');
    case 'disconnected':
      return status(
        'Disconnected',
        'neutral',
        `${card.disconnected_at ? `On ${formatDate(card.disconnected_at, zone)}. ` : ''}What was read before is kept.`,
      );
    case 'ready-soon':
      return status(
        'Connected, not read yet',
        'neutral',
        `This version reads no figures of ${platform}. The connection stands ready for the one that does.`,
      );
  }
}

function late({ last_success_at }: ConnectionCard, now: number): string {
  if (!last_success_at) return 'It should have been read by now.';
  return `Last read ${formatAge(secondsSince(last_success_at, now))}; it should have been since.`;
}

/** What the day's re-read reaches back to. */
export const restatedText = (days: number): string =>
  days === 0 ? 'Today only' : `${days} ${days === 1 ? 'day' : 'days'} back, daily`;

const WARN_BEFORE_MS = 7 * 86_400_000;

/** How long the platform's leave holds. */
export function accessText(
  { token_expires_at: ends, state }: Pick<ConnectionCard, 'token_expires_at' | 'state'>,
  now: number,
  zone: string,
): { text: string; tone: Tone } {
  if (state === 'disconnected') return { text: 'Given back', tone: 'neutral' };
  if (!ends) return { text: 'Without an end', tone: 'neutral' };
  const left = new Date(ends).getTime() - now;
  const day = formatDate(ends, zone);
  if (left <= 0) return { text: `Ended on ${day}`, tone: 'bad' };
  if (left < WARN_BEFORE_MS)
    return { text: `Ends ${formatUntil(left / 1_000)}, on ${day}`, tone: 'warn' };
  return { text: `Until ${day}`, tone: 'neutral' };
}

export function lastRunText({ last_run: run }: ConnectionCard): string {
  if (!run) return 'None yet';
  if (run.outcome === 'failed') return 'Failed';
  if (run.outcome === 'throttled') return 'Told to wait';
  return `${count(run.rows, 'row')}, ${count(run.events, 'event')}`;
}

const count = (n: number, one: string) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : `${one}s`}`;

export const secondsSince = (instant: string, now: number): number =>
  Math.max(0, (now - new Date(instant).getTime()) / 1_000);

const SETTLING: readonly CardState[] = ['waiting', 'backfilling'];

/** Whether it moves soon, so that it is worth asking often. */
export const isSettling = ({ state }: ConnectionCard): boolean => SETTLING.includes(state);

const status = (word: string, tone: Tone, detail: string | null): CardStatus => ({
  word,
  tone,
  detail,
});
