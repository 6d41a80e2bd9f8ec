/** All IANA zones that this browser knows, with those that must not be missing. */
export const zonesWith = (current: string): string[] =>
  [...new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')])].sort();

/** What the clock shows there now: "14:05". */
export function timeIn(zone: string, now: number): string {
  try {
    const style = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
    return new Intl.DateTimeFormat('en-US', style).format(now);
  } catch {
    return ''; // a zone that this browser has not heard of yet
  }
}

/** "new york" finds America/New_York. */
export const findsZone = (zone: string, typed: string): boolean =>
  plain(zone).includes(plain(typed));

const plain = (text: string) => text.toLowerCase().replace(/[_\s]+/g, ' ');

const names = () => new Intl.DisplayNames('en', { type: 'currency' });

/** Codes with their names, the code first: "EUR · Euro". */
export function currenciesWith(current: string): [code: string, label: string][] {
  const known = names();
  const codes = [...new Set([current, ...Intl.supportedValuesOf('currency')])].sort();
  return codes.map((code) => [code, `${code} · ${known.of(code) ?? code}`]);
}
