import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  lead?: ReactNode;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** One question before the page goes on; Escape and the cross leave it, and focus goes back. */
export function Dialog({ title, lead, open, onClose, children }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/45" />
        <Base.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-24px)] w-[min(30rem,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-raised p-5 shadow-pop outline-none sm:p-6">
          <Base.Title className="pr-10 font-semibold text-[17px] tracking-tight">
            {title}
          </Base.Title>
          {lead && (
            <Base.Description render={<div />} className="mt-1 text-[13.5px] text-soft">
              {lead}
            </Base.Description>
          )}
          <div className="mt-5">{children}</div>
          {/* Last, so that focus begins at what the dialog asks. */}
          <Base.Close
            aria-label="Close"
            className="absolute top-4 right-4 grid size-8 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink"
          >
            <X aria-hidden="true" size={17} />
          </Base.Close>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
