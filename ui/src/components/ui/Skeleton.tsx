import { cx } from './classes.ts';

/** A grey place-holder of the size that the figure will have. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('skeleton block', className)} />;
}
