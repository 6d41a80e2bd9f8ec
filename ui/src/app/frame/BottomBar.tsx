import { Link } from '@tanstack/react-router';
import { AccountMenu } from '@/features/session/components/AccountMenu.tsx';
import { PAGES } from './pages.ts';

/** The rail of a phone, within reach of a thumb. */
export function BottomBar() {
  return (
    <nav
      aria-label="Pages"
      className="print-hidden fixed inset-x-0 bottom-0 z-30 flex h-16 items-stretch justify-around border-line border-t bg-surface px-1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {PAGES.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className="flex min-w-16 flex-1 flex-col items-center justify-center gap-0.5 rounded-lg text-[12px] text-soft data-[status=active]:font-semibold data-[status=active]:text-accent"
        >
          <Icon aria-hidden="true" size={20} />
          {label}
        </Link>
      ))}
      <AccountMenu bar />
    </nav>
  );
}
