import type { ConnectionCard, ProviderName } from '@/api/contract.ts';

const PLATFORMS: Record<ProviderName, string> = {
  meta: 'Meta',
  google: 'Google',
  shopify: 'Shopify',
};

/** What each kind of failure means to a person; its kind stands before the platform's own words. */
const MEANINGS: Record<string, (platform: string) => string> = {
  'token-dead': (platform) => `${platform} no longer accepts the access token.`,
  'no-access': (platform) => `${platform} gives no access to this account.`,
  throttled: (platform) => `${platform} asked metricx to wait.`,
  transient: (platform) => `${platform} did not answer as it should.`,
  'too-much-data': (platform) => `${platform} had more to say than it lets be asked at once.`,
  rejected: (platform) => `${platform} refused what was asked.`,
  unreadable: (platform) => `${platform} answered in a way that metricx cannot read.`,
};

/** Why a connection fails, in a sentence; and, where it is known, what the platform itself said. */
export function troubleOf({ provider, reason }: Pick<ConnectionCard, 'provider' | 'reason'>): {
  meaning: string | null;
  said: string | null;
} {
  const [kind, ...rest] = (reason ?? '').split(': ');
  const meaning = MEANINGS[kind ?? ''];
  if (!meaning) return { meaning: reason, said: null };
  return { meaning: meaning(PLATFORMS[provider]), said: rest.join(': ') || null };
}
