import type { Grain } from '@/api/contract.ts';

const LOCALE = 'en-US';
const cache = new Map<string, Intl.DateTimeFormat>();

interface DayStyle {
  year?: boolean;
  weekday?: boolean;
}

/** "Nov 20"; `day` is a calendar date, so no zone can move it. */
export function formatDay(day: string, { year = false, weekday = false }: DayStyle = {}): string {
  return format(dayOptions({ year, weekday }), noon(day));
}

/** Both ends inclusive: "Oct 24 – Nov 20, 2026", "Nov 20, 2026" for one day. */
export function formatRange(from: string, to: string, { year = true }: DayStyle = {}): string {
  const formatter = formatterOf(dayOptions({ year, weekday: false }));
  const [start, end] = [noon(from), noon(to)];
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return '';
  return formatter.formatRange(start, end).replaceAll('\u2009', ' ');
}

/** A bucket's name: a calendar day, or an hour in the workspace's zone. */
export function formatBucket(at: string, grain: Grain, zone: string): string {
  if (grain === 'day') return formatDay(at.slice(0, 10), { weekday: true });
  return format(clock(zone), new Date(at));
}

export function formatTick(at: string, grain: Grain, zone: string): string {
  return grain === 'day' ? formatDay(at.slice(0, 10)) : formatBucket(at, grain, zone);
}

export function formatInstant(instant: string, zone: string): string {
  return format({ day: 'numeric', month: 'short', ...clock(zone) }, new Date(instant));
}

/** How long ago, short: "just now", "40 s ago", "3 min ago", "5 h ago", "2 d ago". */
export function formatAge(seconds: number): string {
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** How long until then, short: "in 40 s", "in 3 min", "in 5 h", "in 2 d"; "now" once it is due. */
export function formatUntil(seconds: number): string {
  if (seconds <= 0) return 'now';
  if (seconds < 60) return `in ${Math.ceil(seconds / 10) * 10} s`;
  if (seconds < 3_600) return `in ${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `in ${Math.round(seconds / 3_600)} h`;
  return `in ${Math.round(seconds / 86_400)} d`;
}

/** "Nov 20, 2026", the day of an instant in a zone. */
export function formatDate(instant: string | number, timeZone: string): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', timeZone } as const;
  return format(options, new Date(instant));
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);

const clock = (timeZone: string): Intl.DateTimeFormatOptions => ({
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone,
});

const dayOptions = ({ year, weekday }: DayStyle): Intl.DateTimeFormatOptions => ({
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
  ...(year ? { year: 'numeric' } : {}),
  ...(weekday ? { weekday: 'short' } : {}),
});

function format(options: Intl.DateTimeFormatOptions, instant: Date): string {
  return Number.isNaN(instant.getTime()) ? '' : formatterOf(options).format(instant);
}

function formatterOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const held = cache.get(key) ?? new Intl.DateTimeFormat(LOCALE, options);
  cache.set(key, held);
  return held;
}
