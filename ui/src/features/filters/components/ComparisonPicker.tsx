import { ChevronDown, GitCompareArrows } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { cx } from '@/components/ui/classes.ts';
import { Pop } from '@/components/ui/Pop.tsx';
import { Skeleton } from '@/components/ui/Skeleton.tsx';
import { formatRange } from '@/format/dates.ts';
import { COMPARE_KEY, COMPARISON_LABELS } from '../presets.ts';
import { comparisonSpan } from '../ranges.ts';
import type { ComparisonKey } from '../search.ts';
import type { FilterState } from '../useFilters.ts';
import { Option } from './Option.tsx';

const SpanCalendar = lazy(() => import('./SpanCalendar.tsx'));
const CHOICES: Exclude<ComparisonKey, 'custom'>[] = ['dow', 'prev', 'yoy', 'off'];

/** With what; each choice prints the days that it means for the range at hand. */
export function ComparisonPicker({ state, className }: { state: FilterState; className?: string }) {
  const { filters, today, change } = state;
  const [open, setOpen] = useState(false);
  const [calendar, setCalendar] = useState(false);
  const choose = (cmp: ComparisonKey, cfrom?: string, cto?: string) => {
    change({ cmp, cfrom, cto });
    setOpen(false);
  };
  return (
    <Pop
      title="Comparison"
      open={open}
      onOpenChange={(next) => {
        setCalendar(false);
        setOpen(next);
      }}
      trigger={
        <button
          type="button"
          className={cx(
            'inline-flex h-9 min-w-0 items-center gap-2 rounded-lg border border-line bg-surface px-3 text-[13px] hover:border-line-strong hover:bg-hover data-popup-open:border-line-strong',
            className,
          )}
        >
          <GitCompareArrows
            aria-hidden="true"
            size={15}
            className="hidden shrink-0 text-muted sm:block"
          />
          <span className="min-w-0 truncate">
            <span className="sr-only">Comparison: </span>
            {filters.against ? (
              <>
                <span className="text-muted">vs </span>
                <span className="font-medium">
                  {formatRange(filters.against.from, filters.against.to, {
                    year: filters.against.from.slice(0, 4) !== today.slice(0, 4),
                  })}
                </span>
              </>
            ) : (
              <span className="text-muted">No comparison</span>
            )}
          </span>
          <ChevronDown aria-hidden="true" size={14} className="ml-auto shrink-0 text-muted" />
        </button>
      }
    >
      {calendar ? (
        <Suspense fallback={<Skeleton className="m-4 h-80 w-72" />}>
          <SpanCalendar
            chosen={filters.against}
            today={today}
            onApply={({ from, to }) => choose('custom', from, to)}
            onBack={() => setCalendar(false)}
          />
        </Suspense>
      ) : (
        <div className="w-80 max-w-full p-1.5">
          {CHOICES.map((cmp) => {
            const span = comparisonSpan(cmp, filters.range, filters.span);
            return (
              <Option
                key={cmp}
                label={COMPARISON_LABELS[cmp]}
                note={span ? formatRange(span.from, span.to) : 'Values stand alone'}
                shortcut={cmp === 'off' ? COMPARE_KEY : undefined}
                chosen={filters.comparison === cmp}
                onChoose={() => choose(cmp)}
              />
            );
          })}
          <Option
            label="Custom…"
            note={
              filters.comparison === 'custom' && filters.against
                ? formatRange(filters.against.from, filters.against.to)
                : 'Pick days; kept for this visit'
            }
            chosen={filters.comparison === 'custom'}
            onChoose={() => setCalendar(true)}
          />
        </div>
      )}
    </Pop>
  );
}
