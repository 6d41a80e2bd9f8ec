import { Check } from 'lucide-react';
import { cx } from '@/components/ui/classes.ts';

interface Props {
  label: string;
  note?: string;
  shortcut?: string;
  chosen: boolean;
  disabled?: boolean;
  onChoose: () => void;
}

/** A choice that prints the dates it stands for, and its key. */
export function Option({ label, note, shortcut, chosen, disabled, onChoose }: Props) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      disabled={disabled}
      onClick={onChoose}
      className={cx(
        'flex min-h-9 w-full items-center gap-2.5 rounded-md px-2.5 py-1 text-left text-[13px] hover:bg-hover disabled:opacity-50',
        chosen && 'font-medium text-accent',
      )}
    >
      <Check aria-hidden="true" size={15} className={cx('shrink-0', !chosen && 'invisible')} />
      <span className="flex-1">
        {label}
        {note && <span className="block font-normal text-[12px] text-muted">{note}</span>}
      </span>
      {shortcut && (
        <kbd className="hidden md:inline rounded border border-line bg-sunken px-1.5 font-sans text-[11px] text-muted">
          {shortcut}
        </kbd>
      )}
    </button>
  );
}
