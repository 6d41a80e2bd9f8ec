import type { ComponentProps } from 'react';
import { cx } from './classes.ts';

interface Props extends ComponentProps<'button'> {
  look?: 'primary' | 'outline' | 'quiet' | 'danger';
}

const LOOKS = {
  primary: 'bg-accent text-accent-ink hover:brightness-110 px-3.5',
  outline: 'border border-line bg-surface text-ink hover:bg-hover hover:border-line-strong px-3',
  danger: 'border border-bad/40 bg-surface text-bad hover:bg-bad-soft px-3',
  quiet: 'text-soft hover:bg-hover hover:text-ink px-2',
};

/** A button of 36 px, wide enough for a thumb. */
export function Button({ look = 'outline', className, type = 'button', ...rest }: Props) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex h-9 items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium text-[13px] transition-colors disabled:cursor-not-allowed disabled:opacity-60',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
