/** The line of all platforms together. */
export const TOTAL_COLOUR = 'var(--series-1)';
/** The line of the other period. */
export const GHOST_COLOUR = 'var(--ghost)';

const PLATFORM_COLOURS = ['var(--series-2)', 'var(--series-3)', 'var(--series-4)'] as const;

/** A platform's colour by its place in the answer; a lone one is the total. */
export function platformColour(index: number, count: number): string {
  if (count === 1) return TOTAL_COLOUR;
  return PLATFORM_COLOURS[index % PLATFORM_COLOURS.length] ?? TOTAL_COLOUR;
}
