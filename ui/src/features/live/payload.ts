import * as z from 'zod/mini';
import type { LiveEvent } from '@/api/contract.ts';

const textOrNull = z.catch(z.nullable(z.string()), null);

/** The stream is typed by hand, since OpenAPI cannot say it; so it is checked here, once. */
const payload = z.object({
  position: z.string(),
  at: z.string(),
  today: z.array(
    z.object({
      provider: z.string(),
      account_id: z.string(),
      day: z.string(),
      currency: z.string(),
      spend_micros: z.number(),
      impressions: z.number(),
      clicks: z.number(),
      link_clicks: z.number(),
    }),
  ),
  changed: z.array(
    z.object({
      projection: z.string(),
      provider: textOrNull,
      account_id: textOrNull,
      days: z.catch(z.nullable(z.array(z.string())), null),
    }),
  ),
});

/** What a stream event says; null if it is not of the shape that we know. */
export function readPayload(data: string): LiveEvent | null {
  try {
    const parsed = payload.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
