import * as z from 'zod/mini';
import type { DashboardQuery } from '@/api/contract.ts';

z.config({ jitless: true }); // the CSP forbids eval, and zod would try it

export const RANGES = [
  'today',
  'yesterday',
  '7d',
  '28d',
  '90d',
  'mtd',
  'lm',
  'ytd',
  'custom',
] as const;
export const COMPARISONS = ['dow', 'prev', 'yoy', 'custom', 'off'] as const;

/** What campaigns can be put in order by; also the columns of their table. */
export const ORDERS = [
  'spend',
  'revenue',
  'roas',
  'purchases',
  'cpa',
  'ctr',
  'cpc',
  'cpm',
] as const satisfies readonly NonNullable<DashboardQuery['metric']>[];

export type Order = (typeof ORDERS)[number];
export type RangeKey = (typeof RANGES)[number];
export type ComparisonKey = (typeof COMPARISONS)[number];

const calendarDay = z.string().check(z.refine(isCalendarDay));
const word = z.string().check(z.regex(/^[a-z_]{1,40}$/));
const sorting = z.string().check(z.regex(new RegExp(`^(${ORDERS.join('|')})\\.(asc|desc)$`)));

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);

/** All that the address bar may hold; what is unknown or invalid falls away in silence. */
export const searchSchema = z.object({
  r: maybe(z.enum(RANGES)),
  from: maybe(calendarDay),
  to: maybe(calendarDay),
  cmp: maybe(z.enum(COMPARISONS)),
  cfrom: maybe(calendarDay),
  cto: maybe(calendarDay),
  m: maybe(word),
  sort: maybe(sorting),
  view: maybe(z.enum(['table'])),
});

export type Search = z.infer<typeof searchSchema>;

/** Names every key, undefined where nothing valid is said: the router else keeps the raw word. */
export function parseSearch(input: Record<string, unknown>): Search {
  const named = Object.fromEntries(Object.keys(searchSchema.shape).map((key) => [key, undefined]));
  return { ...named, ...searchSchema.parse(input) };
}

/** A date that exists, in the years that the API answers for. */
function isCalendarDay(day: string): boolean {
  if (!/^20\d{2}-\d{2}-\d{2}$/.test(day)) return false;
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

/** What campaigns are put in order by, and which end comes first. */
export interface Sort {
  order: Order;
  falling: boolean;
}

export const MOST_SPENT: Sort = { order: 'spend', falling: true };

/** "roas.desc" taken apart; most spent first where nothing is said. */
export function sortOf({ sort }: Search): Sort {
  if (!sort) return MOST_SPENT;
  const [order, direction] = sort.split('.');
  return { order: order as Order, falling: direction !== 'asc' };
}
