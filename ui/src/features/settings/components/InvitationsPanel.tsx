import { useQuery } from '@tanstack/react-query';
import type { WorkspaceInvitation } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { usePartView } from '@/components/view.ts';
import { useMe } from '@/features/session/api/me.ts';
import { may, ROLE_NAMES } from '@/features/session/may.ts';
import { formatDate, formatInstant } from '@/format/dates.ts';
import { invitationsOptions, useRevokeInvitation } from '../api/members.ts';
import { Forbidden } from './Forbidden.tsx';
import { InviteForm } from './InviteForm.tsx';
import { Row, Tag } from './Row.tsx';

export function InvitationsPanel() {
  const { workspace } = useMe();
  const acting = may(workspace.role, 'manage-members');
  return (
    <Panel
      title="Invitations"
      note="A link lets one person in, once, within seven days. Send it by a way that you trust."
    >
      {acting ? (
        <>
          <InviteForm />
          <Invitations />
        </>
      ) : (
        <Forbidden action="manage-members" role={workspace.role} what="invite people" />
      )}
    </Panel>
  );
}

function Invitations() {
  const { workspace } = useMe();
  const view = usePartView(useQuery(invitationsOptions(workspace.id)));
  return (
    <Part view={view} what="This list is">
      {(invitations) =>
        invitations.length === 0 ? (
          <p className="border-line border-t px-4 py-4 text-[13px] text-muted sm:px-5">
            Nobody was invited yet.
          </p>
        ) : (
          <ul aria-label="Invitations" className="divide-y divide-line border-line border-t">
            {invitations.map((invitation) => (
              <Invitation key={invitation.id} invitation={invitation} zone={workspace.zone} />
            ))}
          </ul>
        )
      }
    </Part>
  );
}

const STATES: Record<
  WorkspaceInvitation['state'],
  { word: string; tone: 'good' | 'plain' | 'warn' }
> = {
  open: { word: 'Open', tone: 'warn' },
  accepted: { word: 'Accepted', tone: 'good' },
  expired: { word: 'Expired', tone: 'plain' },
  revoked: { word: 'Revoked', tone: 'plain' },
};

function Invitation({ invitation, zone }: { invitation: WorkspaceInvitation; zone: string }) {
  const revoke = useRevokeInvitation();
  const { word, tone } = STATES[invitation.state];
  const whom = invitation.email ?? 'Whoever has the link';
  const failed = revoke.error && asProblem(revoke.error);
  const made = `by ${invitation.invited_by ?? 'somebody who is gone'} on ${formatDate(invitation.created_at, zone)}`;
  return (
    <Row
      title={
        <>
          {whom}
          <Tag tone={tone}>{word}</Tag>
        </>
      }
      text={
        <>
          {ROLE_NAMES[invitation.role]} · {made}
          {invitation.state === 'open' && ` · until ${formatInstant(invitation.expires_at, zone)}`}
        </>
      }
      foot={
        <p role="alert" className="mt-1 text-[13px] text-bad empty:hidden">
          {failed?.title}
        </p>
      }
    >
      {invitation.state === 'open' && (
        <Button
          disabled={revoke.isPending}
          aria-label={`Revoke the invitation of ${whom}`}
          onClick={() => revoke.mutate(invitation.id)}
        >
          Revoke
        </Button>
      )}
    </Row>
  );
}
