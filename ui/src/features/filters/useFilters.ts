import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { useToday } from './calendar.ts';
import { type Filters, fitting, settle } from './filters.ts';
import { keepPreference, readPreference } from './preference.ts';
import type { Search } from './search.ts';

export interface FilterState {
  filters: Filters;
  search: Search;
  today: string;
  /** Merges into the address; undefined takes a key away. */
  change: (next: Search) => void;
}

export function useFilters(): FilterState {
  const search: Search = useSearch({ from: '/signed-in/' });
  const navigate = useNavigate({ from: '/' });
  const today = useToday();
  const filters = useMemo(() => settle(search, readPreference(), today), [search, today]);
  // What only this device remembers is put into the address, so that a link shows what is shown.
  const { range, comparison } = filters;
  useEffect(() => {
    const { r = '28d', cmp = 'dow' } = search;
    if (r === range && cmp === comparison) return;
    const settled = { r: range, cmp: comparison };
    void navigate({
      to: '/',
      search: (held) => ({ ...held, ...settled }),
      replace: true,
      resetScroll: false,
    });
  }, [search, range, comparison, navigate]);
  const change = useCallback(
    (next: Search) => {
      const preference = readPreference();
      keepPreference({
        ...(next.r ? { r: next.r } : {}),
        ...(next.cmp ? { cmp: next.cmp } : {}),
      });
      void navigate({
        to: '/',
        search: (held) => ({ ...held, ...fitting(held, next, preference, today) }),
        resetScroll: false,
      });
    },
    [navigate, today],
  );
  return { filters, search, today, change };
}
