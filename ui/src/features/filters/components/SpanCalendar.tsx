import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { type DateRange, DayPicker } from 'react-day-picker';
import 'react-day-picker/style.css';
import './calendar.css';
import { Button } from '@/components/ui/Button.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { formatDay, formatRange } from '@/format/dates.ts';
import { daysIn, LONGEST_DAYS, type Span } from '../ranges.ts';

const WEEK_STARTS = { sunday: 0, monday: 1, saturday: 6 } as const;

interface Props {
  chosen: Span | null;
  today: string;
  onApply: (span: Span) => void;
  onBack: () => void;
}

/** A draft of days; nothing is asked of the server before Apply. */
export default function SpanCalendar({ chosen, today, onApply, onBack }: Props) {
  const { workspace } = useMe();
  const [draft, setDraft] = useState<DateRange | undefined>(
    chosen ? { from: localNoon(chosen.from), to: localNoon(chosen.to) } : undefined,
  );
  const span = draft?.from ? { from: dayOf(draft.from), to: dayOf(draft.to ?? draft.from) } : null;
  const tooLong = span !== null && daysIn(span) > LONGEST_DAYS;
  return (
    <div className="p-3">
      <Button look="quiet" onClick={onBack} className="mb-1 h-8">
        <ArrowLeft aria-hidden="true" size={14} /> All ranges
      </Button>
      <DayPicker
        mode="range"
        autoFocus
        selected={draft}
        onSelect={setDraft}
        defaultMonth={draft?.to}
        endMonth={localNoon(today)}
        disabled={{ after: localNoon(today) }}
        today={localNoon(today)}
        labels={{ labelDayButton: (day) => formatDay(dayOf(day), { weekday: true, year: true }) }}
        weekStartsOn={WEEK_STARTS[workspace.week_start]}
      />
      <div className="mt-2 flex items-center justify-between gap-3 border-line border-t pt-3">
        <span className="text-[12.5px] text-muted" aria-live="polite">
          {tooLong
            ? `At most ${LONGEST_DAYS} days`
            : span
              ? formatRange(span.from, span.to)
              : 'Pick the first day'}
        </span>
        <Button look="primary" disabled={!span || tooLong} onClick={() => span && onApply(span)}>
          Apply
        </Button>
      </div>
    </div>
  );
}

// The picker thinks in the browser's zone; noon keeps a calendar day the same day in each.
const localNoon = (day: string) => new Date(`${day}T12:00:00`);

function dayOf(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, '0')}`;
}
