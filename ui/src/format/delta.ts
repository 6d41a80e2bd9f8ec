import type { Better, Delta } from '@/api/contract.ts';
import { formatter, NO_FIGURE } from './figures.ts';

export type Meaning = 'good' | 'bad' | 'neutral';

export interface DeltaText {
  text: string;
  direction: 'up' | 'down' | 'flat';
  meaning: Meaning;
  /** The same for a screen reader, which sees neither arrow nor colour. */
  spoken: string;
  reason: string | null;
}

/** A change as text and meaning: a rise of a cost is bad, of spend neither. */
export function describeDelta(delta: Delta, better: Better): DeltaText {
  switch (delta.kind) {
    case 'new':
      return plain('new', 'new: there was nothing to compare with', delta.reason);
    case 'none':
      return plain(NO_FIGURE, `no comparison${because(delta.reason)}`, delta.reason);
    case 'percent':
    case 'points': {
      if (delta.value === null) return plain(NO_FIGURE, 'no comparison', delta.reason);
      return moved(delta.value, delta.kind, better, delta.estimated);
    }
  }
}

function moved(
  value: number,
  kind: 'percent' | 'points',
  better: Better,
  estimated: boolean,
): DeltaText {
  const decimals = kind === 'points' ? 2 : Math.abs(value) < 0.0995 ? 1 : 0;
  const shown = Number((value * 100).toFixed(decimals));
  const direction = shown > 0 ? 'up' : shown < 0 ? 'down' : 'flat';
  const meaning = meaningOf(direction, better);
  const unit = kind === 'points' ? ' pp' : '%';
  const size = number(Math.abs(shown), decimals);
  const sign = direction === 'up' ? '+' : direction === 'down' ? '−' : '±';
  const said = kind === 'points' ? `${size} percentage points` : `${size} percent`;
  return {
    text: `${estimated ? '≈ ' : ''}${sign}${size}${unit}`,
    direction,
    meaning,
    spoken: direction === 'flat' ? 'unchanged' : `${direction} ${said}${judged(meaning)}`,
    reason: estimated ? 'Estimated: the other period’s conversions are known by day only.' : null,
  };
}

function meaningOf(direction: 'up' | 'down' | 'flat', better: Better): Meaning {
  if (direction === 'flat' || better === 'neutral') return 'neutral';
  return (direction === 'up') === (better === 'higher') ? 'good' : 'bad';
}

const judged = (meaning: Meaning) =>
  meaning === 'good' ? ', better' : meaning === 'bad' ? ', worse' : '';

const because = (reason: string | null) => (reason ? `: ${reason}` : '');

const number = (value: number, decimals: number) =>
  formatter({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);

const plain = (text: string, spoken: string, reason: string | null): DeltaText => ({
  text,
  direction: 'flat',
  meaning: 'neutral',
  spoken,
  reason,
});
