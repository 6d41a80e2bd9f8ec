import { Popover } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';

interface Props {
  title: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger: ReactElement<Record<string, unknown>>;
  align?: 'start' | 'center' | 'end';
  children: ReactNode;
}

/** A panel that opens from a button and never leaves the screen. */
export function Pop({ title, open, onOpenChange, trigger, align = 'start', children }: Props) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner
          sideOffset={8}
          align={align}
          collisionPadding={8}
          className="z-50 max-w-[calc(100vw-16px)]"
        >
          <Popover.Popup className="max-h-[min(var(--available-height),640px)] overflow-y-auto rounded-xl border border-line bg-raised shadow-pop outline-none">
            <Popover.Title className="sr-only">{title}</Popover.Title>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
