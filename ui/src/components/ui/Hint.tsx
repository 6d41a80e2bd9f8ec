import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

interface Props {
  content: ReactNode;
  /** The element that shows the hint on hover and on focus. */
  children: ReactElement<Record<string, unknown>>;
  side?: 'top' | 'bottom' | 'left' | 'right';
}

/** A short explanation beside an element, for mouse and key; never the only place, for a finger cannot open it. */
export function Hint({ content, children, side = 'top' }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} delay={350} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={8} collisionPadding={8} className="z-50">
          <Tooltip.Popup
            data-hint
            className="max-w-72 rounded-lg border border-line bg-raised px-3 py-2 text-[12.5px] text-soft shadow-pop"
          >
            {content}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
