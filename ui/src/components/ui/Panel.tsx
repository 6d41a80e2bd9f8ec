import type { ReactNode } from 'react';
import { useId } from 'react';
import { cx } from './classes.ts';

interface Props {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, note, actions, className, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cx('min-w-0 rounded-xl border border-line bg-surface shadow-card', className)}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-2 sm:px-5">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-[15px] leading-6">
            {title}
          </h2>
          {note && <div className="text-[12.5px] text-muted">{note}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-1.5">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
