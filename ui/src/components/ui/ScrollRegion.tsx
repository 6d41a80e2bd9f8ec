import type { ReactNode } from 'react';
import { cx } from './classes.ts';

interface Props {
  label: string;
  className: string;
  children: ReactNode;
}

/** A part that scrolls by itself, so that the page need not; reachable by key for that reason. */
export function ScrollRegion({ label, className, children }: Props) {
  return (
    // Positioned, else words for screen readers in far columns widen the page itself.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, keys cannot scroll this part
    <section aria-label={label} className={cx('relative', className)} tabIndex={0} data-scrolls>
      {children}
    </section>
  );
}
