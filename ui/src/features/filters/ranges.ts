import {
  type CalendarDate,
  endOfMonth,
  parseAbsolute,
  parseDate,
  startOfMonth,
  startOfYear,
  toCalendarDate,
  today,
} from '@internationalized/date';
import type { ComparisonKey, RangeKey } from './search.ts';

/** Calendar days of the workspace's zone, both ends inclusive. */
export interface Span {
  from: string;
  to: string;
}

/** What the API reads at once. */
export const LONGEST_DAYS = 400;

export function todayIn(zone: string): string {
  return today(zone).toString();
}

/** The day that a zone's calendar shows at an instant. */
export function dayAt(instant: string, zone: string): string {
  return toCalendarDate(parseAbsolute(instant, zone)).toString();
}

/** The days that a range names when the workspace's calendar shows `now`. */
export function spanOf(range: RangeKey, now: string, custom?: Partial<Span>): Span {
  const day = parseDate(now);
  switch (range) {
    case 'today':
      return span(day, day);
    case 'yesterday':
      return span(day.subtract({ days: 1 }), day.subtract({ days: 1 }));
    case '7d':
      return span(day.subtract({ days: 6 }), day);
    case '28d':
      return span(day.subtract({ days: 27 }), day);
    case '90d':
      return span(day.subtract({ days: 89 }), day);
    case 'mtd':
      return span(startOfMonth(day), day);
    case 'lm': {
      const last = startOfMonth(day).subtract({ months: 1 });
      return span(last, endOfMonth(last));
    }
    case 'ytd':
      return span(startOfYear(day), day);
    case 'custom':
      return ordered(custom?.from ?? custom?.to ?? now, custom?.to ?? custom?.from ?? now);
  }
}

/**
 * The days that a range is compared with, by the API's own rules; null when comparison is off.
 * Months and years go back by the calendar; with weekdays, by the nearest whole weeks that keep
 * the two apart, so that Saturdays meet Saturdays.
 */
export function comparisonSpan(
  mode: ComparisonKey,
  range: RangeKey,
  current: Span,
  custom?: Partial<Span>,
): Span | null {
  switch (mode) {
    case 'off':
      return null;
    case 'prev':
      return calendarBefore(range, current);
    case 'dow': {
      const step = daysIn({ from: calendarBefore(range, current).from, to: current.from }) - 1;
      const weeks = Math.max(Math.round(step / 7), Math.ceil(daysIn(current) / 7));
      return movedBack(current, weeks * 7);
    }
    case 'yoy':
      return yearBefore(current);
    case 'custom':
      if (!custom?.from || !custom.to) return null;
      return ordered(custom.from, custom.to);
  }
}

function calendarBefore(range: RangeKey, current: Span): Span {
  const first = parseDate(current.from);
  const monthBefore = startOfMonth(first).subtract({ months: 1 });
  switch (range) {
    case 'lm':
      return span(monthBefore, endOfMonth(monthBefore));
    case 'mtd': {
      const days = Math.min(daysIn(current), endOfMonth(monthBefore).day);
      return span(monthBefore, monthBefore.set({ day: days }));
    }
    case 'ytd':
      return yearBefore(current);
    default:
      return movedBack(current, daysIn(current));
  }
}

const movedBack = ({ from, to }: Span, days: number): Span =>
  span(parseDate(from).subtract({ days }), parseDate(to).subtract({ days }));

const yearBefore = ({ from, to }: Span): Span =>
  span(parseDate(from).subtract({ years: 1 }), parseDate(to).subtract({ years: 1 }));

/** The span of the same length that ends the day before, or begins the day after. */
export function stepped(current: Span, direction: -1 | 1): Span {
  const days = daysIn(current) * direction;
  return span(parseDate(current.from).add({ days }), parseDate(current.to).add({ days }));
}

export function daysIn({ from, to }: Span): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}

/** True if the two spans share a day. */
export function overlaps(one: Span, days: readonly string[]): boolean {
  return days.some((day) => one.from <= day && day <= one.to);
}

const span = (from: CalendarDate, to: CalendarDate): Span => ({
  from: from.toString(),
  to: to.toString(),
});

const ordered = (one: string, other: string): Span =>
  one <= other ? { from: one, to: other } : { from: other, to: one };
