import type { Filters } from './filters.ts';

/** The page's address with the days that it shows, in place of words that mean others tomorrow. */
export function fixedLink(href: string, { span, comparison, against }: Filters): string {
  const link = new URL(href);
  const set = (days: Record<string, string>) => {
    for (const [key, value] of Object.entries(days)) link.searchParams.set(key, value);
  };
  for (const key of ['cfrom', 'cto']) link.searchParams.delete(key);
  set({ r: 'custom', from: span.from, to: span.to, cmp: comparison });
  if (against) set({ cmp: 'custom', cfrom: against.from, cto: against.to });
  return link.href;
}
