import type { ReactNode } from 'react';

interface Props {
  title: ReactNode;
  text: ReactNode;
  /** Below all of it: why something cannot be done, or was not. */
  foot?: ReactNode;
  children?: ReactNode;
}

/** An entry of a list: what it is on the left, what may be done on the right. */
export function Row({ title, text, foot, children }: Props) {
  return (
    <li className="px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-44 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">{title}</p>
          <div className="text-[12.5px] text-muted">{text}</div>
        </div>
        {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
      </div>
      {foot}
    </li>
  );
}

/** A word beside a name. */
export function Tag({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'good' | 'warn';
  children: string;
}) {
  const inks = {
    plain: 'bg-sunken text-soft',
    good: 'bg-good-soft text-good',
    warn: 'bg-warn-soft text-warn',
  };
  return (
    <span className={`rounded-full px-2 py-0.5 font-medium text-[12px] ${inks[tone]}`}>
      {children}
    </span>
  );
}
