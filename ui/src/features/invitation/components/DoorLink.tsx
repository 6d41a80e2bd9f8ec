import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cx } from '@/components/ui/classes.ts';

interface Props {
  to: '/login' | '/register';
  look?: 'primary';
  children: ReactNode;
}

/** A door that leads back to the invitation. */
export function DoorLink({ to, look, children }: Props) {
  return (
    <Link
      to={to}
      search={{ next: '/invitation' }}
      className={cx(
        'inline-flex h-10 w-full items-center justify-center rounded-lg font-medium text-[13px]',
        look === 'primary'
          ? 'bg-accent text-accent-ink hover:brightness-110'
          : 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-hover',
      )}
    >
      {children}
    </Link>
  );
}
