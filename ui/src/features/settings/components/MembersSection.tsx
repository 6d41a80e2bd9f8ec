import { useQuery } from '@tanstack/react-query';
import { Panel } from '@/components/ui/Panel.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { usePartView } from '@/components/view.ts';
import { useMe } from '@/features/session/api/me.ts';
import { membersOptions } from '../api/members.ts';
import { InvitationsPanel } from './InvitationsPanel.tsx';
import { MemberRow } from './MemberRow.tsx';

export function MembersSection() {
  const { workspace } = useMe();
  const view = usePartView(useQuery(membersOptions(workspace.id)));
  return (
    <>
      <Panel title="Members" note="Who is in this workspace, and what they may do.">
        <Part view={view} what="This list is">
          {(members) => {
            const owners = members.filter(({ role }) => role === 'owner').length;
            return (
              <ul aria-label="Members" className="divide-y divide-line border-line border-t">
                {members.map((member) => (
                  <MemberRow
                    key={member.user_id}
                    member={member}
                    lastOwner={member.role === 'owner' && owners === 1}
                  />
                ))}
              </ul>
            );
          }}
        </Part>
      </Panel>
      <InvitationsPanel />
    </>
  );
}
