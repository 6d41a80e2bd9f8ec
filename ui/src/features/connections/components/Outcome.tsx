import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { cx } from '@/components/ui/classes.ts';

interface Props {
  good: boolean;
  title: string;
  text: string;
  onClose: () => void;
}

/** How connecting ended; takes the focus, for the page was left and come back to. */
export function Outcome({ good, title, text, onClose }: Props) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => note.current?.focus(), []);
  const Icon = good ? CircleCheck : CircleAlert;
  return (
    <div
      ref={note}
      role={good ? 'status' : 'alert'}
      tabIndex={-1}
      className={cx(
        'flex items-start gap-3 rounded-xl px-4 py-3.5 text-[13.5px] outline-none sm:px-5',
        good ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad',
      )}
    >
      <Icon aria-hidden="true" size={18} className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        <p>{text}</p>
      </div>
      <button
        type="button"
        aria-label="Close this note"
        onClick={onClose}
        className="-mt-1 -mr-1 grid size-8 shrink-0 place-items-center rounded-lg hover:bg-black/5 dark:hover:bg-white/10"
      >
        <X aria-hidden="true" size={16} />
      </button>
    </div>
  );
}
