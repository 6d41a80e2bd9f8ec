import { Link } from '@tanstack/react-router';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/components/ui/classes.ts';
import { Mark } from '@/components/ui/Mark.tsx';
import { AccountMenu } from '@/features/session/components/AccountMenu.tsx';
import { PAGES } from './pages.ts';

const KEY = 'metricx.rail';

/** The pages, and the account at its foot; folds to icons. */
export function Rail() {
  const [wide, setWide] = useState(startsWide);
  const fold = () => {
    setWide(!wide);
    try {
      localStorage.setItem(KEY, wide ? 'narrow' : 'wide');
    } catch {
      // Folded for now only.
    }
  };
  return (
    <nav
      aria-label="Pages"
      className={cx(
        'print-hidden sticky top-0 hidden h-dvh shrink-0 flex-col border-line border-r bg-surface px-2.5 py-3 md:flex',
        wide ? 'w-54' : 'w-15',
      )}
    >
      <div
        className={cx('mb-4 flex items-center', wide ? 'justify-between px-1' : 'flex-col gap-2')}
      >
        <span className="flex items-center gap-2.5 font-semibold text-[17px] tracking-tight">
          <Mark />
          {wide && 'metricx'}
        </span>
        <button
          type="button"
          onClick={fold}
          aria-label={wide ? 'Fold the rail' : 'Unfold the rail'}
          aria-expanded={wide}
          className="grid size-8 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink"
        >
          {wide ? <PanelLeftClose size={17} /> : <PanelLeftOpen size={17} />}
        </button>
      </div>
      <ul className="flex flex-1 flex-col gap-1">
        {PAGES.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              aria-label={label}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 font-medium text-soft hover:bg-hover data-[status=active]:bg-accent-soft data-[status=active]:text-accent"
            >
              <Icon aria-hidden="true" size={18} className="shrink-0" />
              {wide && label}
            </Link>
          </li>
        ))}
      </ul>
      <AccountMenu wide={wide} />
    </nav>
  );
}

function startsWide(): boolean {
  try {
    const held = localStorage.getItem(KEY);
    if (held) return held === 'wide';
  } catch {
    // The width of the screen decides.
  }
  return matchMedia('(min-width: 1280px)').matches;
}
