import { Menu } from '@base-ui/react/menu';
import {
  Check,
  ChevronsUpDown,
  CircleUser,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Sun,
} from 'lucide-react';
import { useState } from 'react';
import { setShortcuts, shortcutsOn } from '@/components/shortcuts.ts';
import { cx } from '@/components/ui/classes.ts';
import { chooseTheme, type ThemeChoice, useTheme } from '@/theme/theme.ts';
import { useMe } from '../api/me.ts';
import { useLogOut } from '../api/session.ts';
import { NewWorkspaceDialog } from './NewWorkspaceDialog.tsx';
import { WorkspaceItems } from './WorkspaceItems.tsx';

const THEMES: { choice: ThemeChoice; label: string; icon: typeof Sun }[] = [
  { choice: 'system', label: 'As the device', icon: Monitor },
  { choice: 'light', label: 'Light', icon: Sun },
  { choice: 'dark', label: 'Dark', icon: Moon },
];

const ITEM =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-[13px] text-soft outline-none data-highlighted:bg-hover data-highlighted:text-ink';

/** Who is logged in, and where; other workspaces, theme, shortcuts and the way out. */
export function AccountMenu({ wide = false, bar = false }: { wide?: boolean; bar?: boolean }) {
  const { user, workspace } = useMe();
  const theme = useTheme();
  const [shortcuts, setOn] = useState(shortcutsOn);
  const logOut = useLogOut();
  const [making, setMaking] = useState(false);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className={triggerClass(wide, bar)}>
          <CircleUser aria-hidden="true" size={bar ? 20 : 18} className="shrink-0" />
          {bar ? (
            'Account'
          ) : (
            <span className={wide ? 'flex min-w-0 flex-1 flex-col-reverse text-left' : 'sr-only'}>
              <span className="block truncate text-[12px] text-muted">
                <span className="sr-only">Account of </span>
                {user.email}
              </span>
              {wide && (
                <span className="block truncate font-medium text-ink">
                  <span className="sr-only"> in </span>
                  {workspace.name}
                </span>
              )}
            </span>
          )}
          {wide && <ChevronsUpDown aria-hidden="true" size={15} className="shrink-0 text-muted" />}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner
            side={bar ? 'top' : 'right'}
            align="end"
            sideOffset={10}
            collisionPadding={8}
            className="z-50"
          >
            <Menu.Popup className="max-h-(--available-height) w-64 overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-pop outline-none">
              <p className="truncate px-2.5 py-1.5 text-[12.5px] text-muted">{user.email}</p>
              <WorkspaceItems item={ITEM} onMake={() => setMaking(true)} />
              <Menu.Separator className="my-1.5 h-px bg-line" />
              <Menu.RadioGroup
                value={theme}
                onValueChange={(choice: ThemeChoice) => chooseTheme(choice)}
                aria-label="Theme"
              >
                {THEMES.map(({ choice, label, icon: Icon }) => (
                  <Menu.RadioItem key={choice} value={choice} closeOnClick={false} className={ITEM}>
                    <Icon aria-hidden="true" size={16} />
                    <span className="flex-1">{label}</span>
                    <Menu.RadioItemIndicator>
                      <Check aria-hidden="true" size={15} />
                    </Menu.RadioItemIndicator>
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
              <Menu.Separator className="my-1.5 h-px bg-line" />
              <Menu.CheckboxItem
                checked={shortcuts}
                onCheckedChange={(on) => {
                  setOn(on);
                  setShortcuts(on);
                }}
                closeOnClick={false}
                className={ITEM}
              >
                <Keyboard aria-hidden="true" size={16} />
                <span className="flex-1">One-letter shortcuts</span>
                <Menu.CheckboxItemIndicator>
                  <Check aria-hidden="true" size={15} />
                </Menu.CheckboxItemIndicator>
              </Menu.CheckboxItem>
              <Menu.Separator className="my-1.5 h-px bg-line" />
              <Menu.Item className={ITEM} onClick={() => logOut.mutate()}>
                <LogOut aria-hidden="true" size={16} />
                Log out
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <NewWorkspaceDialog open={making} onClose={() => setMaking(false)} />
    </>
  );
}

function triggerClass(wide: boolean, bar: boolean): string {
  if (bar)
    return 'flex min-w-16 flex-1 flex-col items-center justify-center gap-0.5 rounded-lg text-[12px] text-soft';
  return cx(
    'flex min-h-10 items-center gap-2.5 rounded-lg px-2.5 text-[13px] text-soft hover:bg-hover data-popup-open:bg-hover',
    wide ? 'w-full py-1.5' : 'justify-center',
  );
}
