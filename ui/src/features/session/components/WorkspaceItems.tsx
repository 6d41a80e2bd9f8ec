import { Menu } from '@base-ui/react/menu';
import { Check, Plus } from 'lucide-react';
import { useMe } from '../api/me.ts';
import { useEnterWorkspace } from '../api/workspaces.ts';
import { ROLE_NAMES } from '../may.ts';

interface Props {
  /** How an item of the menu looks. */
  item: string;
  onMake: () => void;
}

/** All workspaces of who is logged in, the current one marked; choosing another goes over to it. */
export function WorkspaceItems({ item, onMake }: Props) {
  const { workspace, workspaces } = useMe();
  const enter = useEnterWorkspace();
  return (
    <>
      <Menu.RadioGroup
        value={workspace.id}
        onValueChange={(id: string) => id !== workspace.id && enter.mutate(id)}
        aria-label="Workspace"
        className="max-h-60 overflow-y-auto"
      >
        {workspaces.map(({ id, name, role, is_demo }) => (
          <Menu.RadioItem key={id} value={id} closeOnClick={false} className={`${item} py-1`}>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium text-ink">{name}</span>
              <span className="block text-[12px] text-muted">
                {ROLE_NAMES[role]}
                {is_demo && ' · demo'}
              </span>
            </span>
            <Menu.RadioItemIndicator>
              <Check aria-hidden="true" size={15} />
            </Menu.RadioItemIndicator>
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Item className={item} onClick={onMake}>
        <Plus aria-hidden="true" size={16} />
        New workspace…
      </Menu.Item>
      <p role="alert" className="px-2.5 text-[12.5px] text-bad empty:hidden">
        {enter.isError && 'It cannot be entered right now.'}
      </p>
    </>
  );
}
