/** How long a key may live, by days; none: without an end. */
export const LIVES: readonly [days: string, label: string][] = [
  ['30', 'In 30 days'],
  ['90', 'In 90 days'],
  ['365', 'In a year'],
  ['none', 'Never'],
];

export const expiryAfter = (days: string, now: number): string | null =>
  days === 'none' ? null : new Date(now + Number(days) * 86_400_000).toISOString();
