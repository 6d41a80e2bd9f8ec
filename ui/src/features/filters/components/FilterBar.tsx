import { useCallback, useRef, useState } from 'react';
import { useShortcuts } from '@/components/shortcuts.ts';
import { useMe } from '@/features/session/api/me.ts';
import { matches, settle } from '../filters.ts';
import { RANGE_PRESETS } from '../presets.ts';
import { daysIn, stepped } from '../ranges.ts';
import type { Search } from '../search.ts';
import type { FilterState } from '../useFilters.ts';
import { ComparisonPicker } from './ComparisonPicker.tsx';
import { RangePicker } from './RangePicker.tsx';

/** Range and comparison, by hand or by key. */
export function FilterBar({ state }: { state: FilterState }) {
  const { workspace } = useMe();
  const { filters, search, today, change } = state;
  /** What the key that turns comparison off brings back. */
  const compared = useRef<{ search: Search; days: number }>({ search: { cmp: 'dow' }, days: 0 });
  const [open, setOpen] = useState(false);
  const [custom, setCustom] = useState(false);

  const press = useCallback(
    (key: string): boolean => {
      const letter = key.toUpperCase();
      const preset = RANGE_PRESETS.find((one) => one.key === letter);
      if (preset) {
        change({ r: preset.range, from: undefined, to: undefined });
        setOpen(false);
      } else if (letter === 'C') {
        setCustom(true);
        setOpen(true);
      } else if (letter === 'X') {
        if (filters.comparison === 'off') {
          const { search: back, days } = compared.current;
          const again = settle({ ...search, ...back }, {}, today);
          change(matches(again, days) ? back : { cmp: 'dow' });
        } else {
          const { cfrom, cto } = search;
          compared.current = {
            search: { cmp: filters.comparison, cfrom, cto },
            days: daysIn(filters.span),
          };
          change({ cmp: 'off', cfrom: undefined, cto: undefined });
        }
      } else if (key === 'ArrowLeft' || key === 'ArrowRight') {
        const next = stepped(filters.span, key === 'ArrowLeft' ? -1 : 1);
        if (next.from > today) return true;
        const to = [next.to, today].sort()[0] ?? today;
        change({ r: 'custom', from: next.from, to });
      } else {
        return false;
      }
      return true;
    },
    [change, filters, search, today],
  );
  useShortcuts(press);

  return (
    <div className="flex min-w-0 flex-1 gap-2 md:flex-none">
      <RangePicker
        state={state}
        zone={workspace.zone}
        open={open}
        custom={custom}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) setCustom(false);
        }}
        className="flex-1 md:flex-none"
      />
      <ComparisonPicker state={state} className="flex-1 md:flex-none" />
    </div>
  );
}
