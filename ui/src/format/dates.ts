import type { Grain } from '@/api/contract.ts';

const LOCALE = 'en-GB';
const cache = new Map<string, Intl.DateTimeFormat>();

/** "20 Nov", or "20 Nov 2025" where the year is not this one; `day` is a calendar date. */
export function formatDay(day: string, { year = false, weekday = false } = {}): string {
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...(year ? { year: 'numeric' } : {}),
    ...(weekday ? { weekday: 'short' } : {}),
  };
  return format(options, noon(day));
}

/** Both ends inclusive: "24 Oct – 20 Nov 2026", "20 Nov 2026" for one day. */
export function formatRange(from: string, to: string): string {
  if (from === to) return formatDay(from, { year: true });
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  const sameMonth = sameYear && from.slice(5, 7) === to.slice(5, 7);
  const start = sameMonth ? String(Number(from.slice(8))) : formatDay(from, { year: !sameYear });
  return `${start} – ${formatDay(to, { year: true })}`;
}

/** A bucket's name: a calendar day, or an hour in the workspace's zone. */
export function formatBucket(at: string, grain: Grain, zone: string): string {
  if (grain === 'day') return formatDay(at.slice(0, 10), { weekday: true });
  return format({ hour: '2-digit', minute: '2-digit', timeZone: zone }, new Date(at));
}

export function formatTick(at: string, grain: Grain, zone: string): string {
  return grain === 'day' ? formatDay(at.slice(0, 10)) : formatBucket(at, grain, zone);
}

export function formatClock(instant: string | number, zone: string): string {
  return format({ hour: '2-digit', minute: '2-digit', timeZone: zone }, new Date(instant));
}

export function formatInstant(instant: string, zone: string): string {
  return format(
    { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone },
    new Date(instant),
  );
}

/** How long ago, short: "just now", "42 s", "3 min", "5 h", "2 d". */
export function formatAge(seconds: number): string {
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);

function format(options: Intl.DateTimeFormatOptions, instant: Date): string {
  if (Number.isNaN(instant.getTime())) return '';
  const key = JSON.stringify(options);
  const held = cache.get(key) ?? new Intl.DateTimeFormat(LOCALE, options);
  cache.set(key, held);
  return held.format(instant);
}
