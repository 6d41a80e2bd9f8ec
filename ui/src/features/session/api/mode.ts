import { queryOptions } from '@tanstack/react-query';
import type { AuthMode } from '@/api/contract.ts';
import { readAuthMode } from '@/api/generated';

/** How people sign in here; settled when the server starts. */
export const modeOptions = queryOptions({
  queryKey: ['mode'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => (await readAuthMode({ signal })).data,
});

/** Clerk's page, which leads back into this application. */
export function clerkSignIn({ sign_in_url }: AuthMode, next = '/'): string | null {
  if (!sign_in_url) return null;
  const page = new URL(sign_in_url, window.location.origin);
  if (!/^https?:$/.test(page.protocol)) return null;
  page.searchParams.set('redirect_url', `${window.location.origin}/app${next}`);
  return page.href;
}
