import * as z from 'zod/mini';
import type { Preference } from './filters.ts';
import { COMPARISONS, RANGES } from './search.ts';

const KEY = 'metricx.filters';
const stored = z.object({
  r: z.catch(z.optional(z.enum(RANGES)), undefined),
  cmp: z.catch(z.optional(z.enum(COMPARISONS)), undefined),
});

/** The reader's last choice on this device; nothing where storage is forbidden. */
export function readPreference(): Preference {
  try {
    const parsed = stored.safeParse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** Dates of one's own never outlive the session, so custom choices are not kept. */
export function keepPreference(choice: Preference): void {
  const kept = { ...readPreference(), ...choice };
  if (kept.r === 'custom') delete kept.r;
  if (kept.cmp === 'custom') delete kept.cmp;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // The choice still stands in the address.
  }
}
