import { Menu } from '@base-ui/react/menu';
import { Ellipsis, Pause, Pencil, Play, RefreshCw, Unplug, Waypoints } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ConnectionCard } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { usePause, useResume, useStartConsent, useSync } from '../api/connections.ts';
import { DisconnectDialog } from './DisconnectDialog.tsx';
import { RenameDialog } from './RenameDialog.tsx';

const ITEM =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-[13px] text-soft outline-none data-highlighted:bg-hover data-highlighted:text-ink';

const READ: readonly ConnectionCard['state'][] = ['waiting', 'backfilling', 'healthy', 'late'];

/** What may be done with a connection: what it needs most in front, the rest behind the dots. */
export function CardActions({ card, platform }: { card: ConnectionCard; platform: string }) {
  const [asking, setAsking] = useState<'rename' | 'disconnect' | null>(null);
  const sync = useSync();
  const pause = usePause();
  const resume = useResume();
  const reconnect = useStartConsent();
  const all = [sync, pause, resume, reconnect];
  const busy = all.some(({ isPending }) => isPending);
  const failed = all.find(({ error }) => error)?.error;
  const begin = (act: () => void) => {
    for (const each of all) each.reset();
    act();
  };
  const again = () =>
    begin(() => reconnect.mutate({ provider: card.provider, connection_id: card.id }));
  const { state } = card;
  const gone = state === 'disconnected';
  const failing = state === 'failing';

  const buttons: ReactNode[] = [];
  if (failing || gone)
    buttons.push(
      <Button key="again" look={failing ? 'primary' : 'outline'} disabled={busy} onClick={again}>
        <Waypoints aria-hidden="true" size={15} /> Reconnect
      </Button>,
    );
  if (READ.includes(state) || failing)
    buttons.push(
      <Button key="sync" disabled={busy} onClick={() => begin(() => sync.mutate(card))}>
        <RefreshCw aria-hidden="true" size={15} /> Sync now
      </Button>,
    );
  if (READ.includes(state) || state === 'rate-limited')
    buttons.push(
      <Button key="pause" disabled={busy} onClick={() => begin(() => pause.mutate(card))}>
        <Pause aria-hidden="true" size={15} /> Pause
      </Button>,
    );
  if (state === 'paused')
    buttons.push(
      <Button
        key="resume"
        look="primary"
        disabled={busy}
        onClick={() => begin(() => resume.mutate(card))}
      >
        <Play aria-hidden="true" size={15} /> Resume
      </Button>,
    );
  return (
    <footer className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-3 sm:px-5">
      {buttons}
      <Menu.Root>
        <Menu.Trigger
          aria-label={`More for ${card.label}`}
          className="ml-auto grid size-9 place-items-center rounded-lg text-soft hover:bg-hover data-popup-open:bg-hover"
        >
          <Ellipsis aria-hidden="true" size={18} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-50">
            <Menu.Popup className="w-52 rounded-xl border border-line bg-raised p-1.5 shadow-pop outline-none">
              <Menu.Item className={ITEM} onClick={() => setAsking('rename')}>
                <Pencil aria-hidden="true" size={15} /> Rename…
              </Menu.Item>
              {failing && (
                <Menu.Item className={ITEM} onClick={() => begin(() => pause.mutate(card))}>
                  <Pause aria-hidden="true" size={15} /> Pause
                </Menu.Item>
              )}
              {!failing && !gone && (
                <Menu.Item className={ITEM} onClick={again}>
                  <Waypoints aria-hidden="true" size={15} /> Reconnect
                </Menu.Item>
              )}
              {!gone && (
                <Menu.Item
                  className={`${ITEM} text-bad data-highlighted:text-bad`}
                  onClick={() => setAsking('disconnect')}
                >
                  <Unplug aria-hidden="true" size={15} /> Disconnect…
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <p role="status" className="w-full text-[13px] text-soft empty:hidden">
        {sync.isSuccess && 'Asked for. New figures appear as soon as they are read.'}
      </p>
      <p role="alert" className="w-full text-[13px] text-bad empty:hidden">
        {failed ? saidOf(failed) : ''}
      </p>
      <RenameDialog card={card} open={asking === 'rename'} onClose={() => setAsking(null)} />
      <DisconnectDialog
        card={card}
        platform={platform}
        open={asking === 'disconnect'}
        onClose={() => setAsking(null)}
      />
    </footer>
  );
}

function saidOf(error: unknown): string {
  const { title, detail } = asProblem(error);
  return detail && detail !== title ? `${title}. ${detail}` : `${title}.`;
}
