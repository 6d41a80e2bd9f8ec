import * as z from 'zod/mini';

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

export type RangeKey = (typeof RANGES)[number];
export type ComparisonKey = (typeof COMPARISONS)[number];

const calendarDay = z.string().check(z.refine(isCalendarDay));
const word = z.string().check(z.regex(/^[a-z_]{1,40}$/));
const sorting = z.string().check(z.regex(/^[a-z_]{1,40}\.(asc|desc)$/));

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

export function parseSearch(input: Record<string, unknown>): Search {
  const parsed = searchSchema.parse(input);
  return Object.fromEntries(
    Object.entries(parsed).filter(([, value]) => value !== undefined),
  ) as Search;
}

function isCalendarDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}
