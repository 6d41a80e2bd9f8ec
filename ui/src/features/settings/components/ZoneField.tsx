import { Combobox } from '@base-ui/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import { useId, useMemo } from 'react';
import { INPUT } from '@/components/ui/Field.tsx';
import { useNow } from '@/components/useNow.ts';
import { findsZone, timeIn, zonesWith } from '../zones.ts';

interface Props {
  value: string;
  onChange: (zone: string) => void;
  disabled: boolean;
}

/** A zone out of some four hundred: one types a part of its name. */
export function ZoneField({ value, onChange, disabled }: Props) {
  const id = useId();
  const now = useNow(30_000);
  const zones = useMemo(() => zonesWith(value), [value]);
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-[13px]">
        Time zone
      </label>
      <Combobox.Root
        items={zones}
        value={value}
        onValueChange={(zone) => zone && onChange(zone)}
        filter={findsZone}
        limit={60}
        disabled={disabled}
      >
        <div className="relative">
          <Combobox.Input id={id} aria-describedby={`${id}-note`} className={`${INPUT} pr-10`} />
          <Combobox.Trigger
            aria-label="Show all time zones"
            className="absolute top-1 right-1 grid size-8 place-items-center rounded-md text-muted hover:bg-hover disabled:hidden"
          >
            <ChevronDown aria-hidden="true" size={16} />
          </Combobox.Trigger>
        </div>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={6} collisionPadding={8} className="z-50">
            <Combobox.Popup
              aria-label="Time zones"
              className="max-h-[min(var(--available-height),320px)] w-(--anchor-width) max-w-(--available-width) overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-pop"
            >
              <Combobox.Empty className="px-2.5 py-2 text-[13px] text-muted empty:hidden">
                No zone is called that.
              </Combobox.Empty>
              <Combobox.List>
                {(zone: string) => (
                  <Combobox.Item
                    key={zone}
                    value={zone}
                    className="flex min-h-9 cursor-pointer items-center gap-2 rounded-md px-2.5 text-[13px] text-soft outline-none data-highlighted:bg-hover data-highlighted:text-ink"
                  >
                    <span className="min-w-0 flex-1">{zone.replaceAll('_', ' ')}</span>
                    <Combobox.ItemIndicator>
                      <Check aria-hidden="true" size={15} />
                    </Combobox.ItemIndicator>
                    <span className="figures text-[12px] text-muted">{timeIn(zone, now)}</span>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      <p id={`${id}-note`} className="text-[13px] text-muted">
        It is {timeIn(value, now)} there. It says what “today” is; a day’s figures are those of the
        ad account’s own calendar.
      </p>
    </div>
  );
}
