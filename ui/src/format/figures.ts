import type { Unit } from '@/api/contract.ts';

/** What stands where there is no figure: a ratio over zero, a source without data. */
export const NO_FIGURE = '–';

const LOCALE = 'en-US';
const MICROS = 1_000_000;
const cache = new Map<string, Intl.NumberFormat>();

interface Style {
  currency: string;
  /** Short form for axes and narrow columns: $48.2K. */
  compact?: boolean;
}

/** A figure as text in its unit; null is "–", never 0. */
export function formatFigure(value: number | null | undefined, unit: Unit, style: Style): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_FIGURE;
  switch (unit) {
    case 'money_micros':
      return formatMoney(value, style.currency, style.compact);
    case 'count':
      return formatCount(value, style.compact);
    case 'fraction':
      return formatShare(value);
    case 'ratio':
      return `${formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)}×`;
  }
}

/** Integer micros of a currency; the currency says how many decimals it has (yen: none). */
export function formatMoney(micros: number, currency: string, compact = false): string {
  const amount = micros / MICROS;
  if (compact && Math.abs(amount) >= 1_000) {
    return formatter({
      style: 'currency',
      currency,
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 1,
    }).format(amount);
  }
  if (compact) {
    const whole = Number.isInteger(amount) || Math.abs(amount) >= 100;
    return formatter({
      style: 'currency',
      currency,
      ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
    }).format(amount);
  }
  return formatter({ style: 'currency', currency }).format(amount);
}

/** How many decimals the currency has: two for most, none for yen. */
export const decimalsOf = (currency: string): number =>
  formatter({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Counts are whole, save conversions that a platform models: they keep up to two decimals. */
export function formatCount(count: number, compact = false): string {
  if (compact && Math.abs(count) >= 10_000) {
    return formatter({ notation: 'compact', maximumFractionDigits: 1 }).format(count);
  }
  return formatter({
    maximumFractionDigits: Number.isInteger(count) || (compact && Math.abs(count) >= 10) ? 0 : 2,
  }).format(count);
}

/** A fraction as a percentage: 0.0123 is 1.23%. */
export function formatShare(fraction: number, decimals = 2): string {
  return formatter({
    style: 'percent',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(fraction);
}

export function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const held = cache.get(key);
  if (held) return held;
  const made = new Intl.NumberFormat(LOCALE, options);
  cache.set(key, made);
  return made;
}
