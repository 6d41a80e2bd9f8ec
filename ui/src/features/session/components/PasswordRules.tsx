import { Check, Circle } from 'lucide-react';
import { cx } from '@/components/ui/classes.ts';

export const SHORTEST = 8;

/** What a password must be, said before it is refused; the first rule is ticked while one types. */
export function PasswordRules({ password }: { password: string }) {
  const long = [...password].length >= SHORTEST;
  const Icon = long ? Check : Circle;
  return (
    <ul className="flex flex-col gap-0.5">
      <li className={cx('flex items-center gap-1.5', long && 'text-good')}>
        <Icon aria-hidden="true" size={13} className="shrink-0" />
        {SHORTEST} characters or more{long && <span className="sr-only"> (done)</span>}
      </li>
      <li className="flex items-start gap-1.5">
        <Circle aria-hidden="true" size={13} className="mt-1 shrink-0" />
        None that is known from a breach elsewhere; a sentence is a good one
      </li>
    </ul>
  );
}
