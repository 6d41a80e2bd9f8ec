import type { ReactNode } from 'react';

interface Props {
  label: string;
  className: string;
  children: ReactNode;
}

/** A part that scrolls by itself, so that the page need not; reachable by key for that reason. */
export function ScrollRegion({ label, className, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, keys cannot scroll this part
    <section aria-label={label} className={className} tabIndex={0}>
      {children}
    </section>
  );
}
