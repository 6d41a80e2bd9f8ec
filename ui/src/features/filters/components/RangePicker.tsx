import { CalendarDays, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { cx } from '@/components/ui/classes.ts';
import { Pop } from '@/components/ui/Pop.tsx';
import { Skeleton } from '@/components/ui/Skeleton.tsx';
import { formatRange } from '@/format/dates.ts';
import { CUSTOM_RANGE_KEY, RANGE_PRESETS, rangeLabel } from '../presets.ts';
import { type Span, spanOf } from '../ranges.ts';
import type { RangeKey } from '../search.ts';
import type { FilterState } from '../useFilters.ts';
import { CopyLink } from './CopyLink.tsx';
import { Option } from './Option.tsx';

const SpanCalendar = lazy(() => import('./SpanCalendar.tsx'));

interface Props {
  state: FilterState;
  zone: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Opens with the calendar, as the custom key asks. */
  custom: boolean;
  className?: string;
}

/** Which days: presets that stay relative in a link, or days of one's own. */
export function RangePicker({ state, zone, open, onOpenChange, custom, className }: Props) {
  const { filters, today, change } = state;
  const [calendar, setCalendar] = useState(false);
  const choose = (range: Exclude<RangeKey, 'custom'>) => {
    change({ r: range, from: undefined, to: undefined });
    onOpenChange(false);
  };
  const apply = ({ from, to }: Span) => {
    change({ r: 'custom', from, to });
    onOpenChange(false);
  };
  return (
    <Pop
      title="Date range"
      open={open}
      onOpenChange={(next) => {
        setCalendar(false);
        onOpenChange(next);
      }}
      trigger={
        <button
          type="button"
          className={cx(
            'inline-flex h-9 min-w-0 items-center gap-2 rounded-lg border border-line bg-surface px-3 text-[13px] hover:border-line-strong hover:bg-hover data-popup-open:border-line-strong',
            className,
          )}
        >
          <CalendarDays
            aria-hidden="true"
            size={15}
            className="hidden shrink-0 text-muted sm:block"
          />
          <span className="min-w-0 truncate">
            <span className="sr-only">Date range: </span>
            <span className="font-medium">{rangeLabel(filters.range)}</span>
            <span className="hidden text-muted lg:inline">
              {' '}
              ·{' '}
              {formatRange(filters.span.from, filters.span.to, {
                year: filters.span.from.slice(0, 4) !== today.slice(0, 4),
              })}
            </span>
          </span>
          <ChevronDown aria-hidden="true" size={14} className="ml-auto shrink-0 text-muted" />
        </button>
      }
    >
      {calendar || custom ? (
        <Suspense fallback={<Skeleton className="m-4 h-80 w-72" />}>
          <SpanCalendar
            chosen={filters.span}
            today={today}
            onApply={apply}
            onBack={() => {
              setCalendar(false);
              if (custom) onOpenChange(false);
            }}
          />
        </Suspense>
      ) : (
        <div className="w-80 max-w-full p-1.5">
          {RANGE_PRESETS.map(({ range, label, key }) => {
            const span = spanOf(range, today);
            return (
              <Option
                key={range}
                label={label}
                note={formatRange(span.from, span.to)}
                shortcut={key}
                chosen={filters.range === range}
                onChoose={() => choose(range)}
              />
            );
          })}
          <Option
            label="Custom range…"
            note={
              filters.range === 'custom'
                ? formatRange(filters.span.from, filters.span.to)
                : 'Pick days'
            }
            shortcut={CUSTOM_RANGE_KEY}
            chosen={filters.range === 'custom'}
            onChoose={() => setCalendar(true)}
          />
          <div className="mt-1 border-line border-t pt-1.5">
            <CopyLink state={state} />
            <p className="px-2.5 pt-1 pb-1 text-[12px] text-muted">
              Days in {zone}.{' '}
              <span className="hidden md:inline">
                The left and right arrow keys step to the period before and after.
              </span>
            </p>
          </div>
        </div>
      )}
    </Pop>
  );
}
