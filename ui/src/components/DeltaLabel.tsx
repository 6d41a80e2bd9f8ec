import { ArrowDownRight, ArrowUpRight, Minus } from 'lucide-react';
import type { Better, Delta } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import { describeDelta, type Meaning } from '@/format/delta.ts';

const INKS: Record<Meaning, string> = { good: 'text-good', bad: 'text-bad', neutral: 'text-soft' };
const ARROWS = { up: ArrowUpRight, down: ArrowDownRight, flat: Minus };

/** A change: arrow, sign and colour of what it means; words for who sees none of them. */
export function DeltaLabel({ delta, better }: { delta: Delta; better: Better }) {
  const said = describeDelta(delta, better);
  const Arrow = ARROWS[said.direction];
  const moves = delta.kind === 'percent' || delta.kind === 'points';
  return (
    <span
      data-meaning={said.meaning}
      title={said.reason ?? undefined}
      className={cx('figures inline-flex items-center gap-0.5 font-medium', INKS[said.meaning])}
    >
      {moves && <Arrow aria-hidden="true" size={14} strokeWidth={2.4} className="shrink-0" />}
      <span aria-hidden="true">{said.text}</span>
      <span className="sr-only"> {said.spoken} </span>
    </span>
  );
}
