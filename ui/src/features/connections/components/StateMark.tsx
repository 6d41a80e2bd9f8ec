import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleFadingPlus,
  CircleSlash,
  Clock3,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  PauseCircle,
} from 'lucide-react';
import type { CardState } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import type { Tone } from '../states.ts';

const ICONS: Record<CardState, LucideIcon> = {
  waiting: CircleDashed,
  backfilling: LoaderCircle,
  healthy: CircleCheck,
  late: Clock3,
  'rate-limited': Hourglass,
  failing: CircleAlert,
  paused: PauseCircle,
  disconnected: CircleSlash,
  'ready-soon': CircleFadingPlus,
};

export const INKS: Record<Tone, string> = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  busy: 'text-accent',
  neutral: 'text-soft',
};

const GROUNDS: Record<Tone, string> = {
  good: 'bg-good-soft',
  warn: 'bg-warn-soft',
  bad: 'bg-bad-soft',
  busy: 'bg-accent-soft',
  neutral: 'bg-sunken',
};

/** A state as icon, word and colour: any one of them would do. */
export function StateMark({ state, word, tone }: { state: CardState; word: string; tone: Tone }) {
  const Icon = ICONS[state];
  return (
    <p
      className={cx(
        'inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 font-medium text-[12.5px]',
        INKS[tone],
        GROUNDS[tone],
      )}
    >
      <Icon
        aria-hidden="true"
        size={14}
        className={cx('shrink-0', state === 'backfilling' && 'animate-spin')}
      />
      {word}
    </p>
  );
}
