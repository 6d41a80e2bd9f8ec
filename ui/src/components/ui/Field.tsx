import { type ComponentProps, type ReactNode, useId } from 'react';

interface Props extends ComponentProps<'input'> {
  label: string;
  note?: ReactNode;
  error?: string;
}

const FRAME =
  'w-full rounded-lg border border-line-strong bg-surface px-3 placeholder:text-muted aria-invalid:border-bad disabled:bg-sunken disabled:text-muted';
export const INPUT = `${FRAME} h-10 text-[15px]`;
/** Of a field within a row of text. */
export const SMALL_INPUT = `${FRAME} h-9 text-[13px]`;

/** A labelled input that tells its error beside itself. */
export function Field({ label, note, error, ...input }: Props) {
  const id = useId();
  const said = error ?? note;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-[13px]">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={said ? `${id}-note` : undefined}
        className={INPUT}
        {...input}
      />
      {said && (
        <div
          id={`${id}-note`}
          className={error ? 'text-[13px] text-bad' : 'text-[13px] text-muted'}
        >
          {said}
        </div>
      )}
    </div>
  );
}
