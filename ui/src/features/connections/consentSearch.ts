import type { ProviderName } from '@/api/contract.ts';

const PROVIDERS: readonly string[] = ['meta', 'google', 'shopify'] satisfies ProviderName[];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How a platform's consent page ended, as the address tells when it leads back. */
export interface ConsentSearch {
  consent?: string;
  provider?: ProviderName;
  problem?: string;
  reconnected?: string;
}

/** What is not of the expected shape is as if it were not there. */
export function consentSearch(input: Record<string, unknown>): ConsentSearch {
  const { consent, provider, problem, reconnected } = input;
  const search: ConsentSearch = {};
  if (isProvider(provider)) search.provider = provider;
  if (isUuid(consent) && search.provider) search.consent = consent;
  if (typeof problem === 'string' && /^[a-z-]{1,40}$/.test(problem)) search.problem = problem;
  if (isUuid(reconnected)) search.reconnected = reconnected;
  return search;
}

const isProvider = (value: unknown): value is ProviderName =>
  typeof value === 'string' && PROVIDERS.includes(value);

const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
