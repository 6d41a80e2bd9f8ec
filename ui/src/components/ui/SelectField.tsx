import { ChevronDown } from 'lucide-react';
import { type ComponentProps, useId } from 'react';
import { cx } from './classes.ts';
import { INPUT, SMALL_INPUT } from './Field.tsx';

interface Props extends ComponentProps<'select'> {
  label: string;
  note?: string;
  /** The label is for screen readers only: what stands beside the field says it to others. */
  bare?: boolean;
}

/** A labelled choice of a few; the device's own list, so it works with every finger and key. */
export function SelectField({ label, note, bare = false, className, children, ...rest }: Props) {
  const id = useId();
  return (
    <div className={cx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className={bare ? 'sr-only' : 'font-medium text-[13px]'}>
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          aria-describedby={note ? `${id}-note` : undefined}
          className={cx(bare ? SMALL_INPUT : INPUT, 'appearance-none pr-9')}
          {...rest}
        >
          {children}
        </select>
        <ChevronDown
          aria-hidden="true"
          size={16}
          className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-muted"
        />
      </div>
      {note && (
        <p id={`${id}-note`} className="text-[13px] text-muted">
          {note}
        </p>
      )}
    </div>
  );
}
