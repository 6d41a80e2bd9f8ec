import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from './Button.tsx';
import { INPUT } from './Field.tsx';

interface Props {
  label: string;
  text: string;
  note: string;
}

/** A secret that is shown this once, with a button that copies it. */
export function CopyOnce({ label, text, note }: Props) {
  const id = useId();
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-[13px]">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={text}
          aria-describedby={`${id}-note`}
          onFocus={(event) => event.currentTarget.select()}
          className={`${INPUT} min-w-0 font-mono text-[13px]`}
        />
        <Button onClick={copy} className="h-10 shrink-0">
          {copied ? <Check aria-hidden="true" size={15} /> : <Copy aria-hidden="true" size={15} />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p id={`${id}-note`} className="text-[13px] text-muted">
        {note}
      </p>
      <p role="status" className={copied === false ? 'text-[13px] text-warn' : 'sr-only'}>
        {copied === true && 'Copied.'}
        {copied === false &&
          'The browser does not let it be copied: select it, and copy it by key.'}
      </p>
    </div>
  );
}
