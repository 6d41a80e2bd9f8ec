import { useState } from 'react';
import type { Role, WorkspaceMember } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog.tsx';
import { SelectField } from '@/components/ui/SelectField.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { may, mayGive, ROLE_NAMES, ROLES } from '@/features/session/may.ts';
import { formatDate } from '@/format/dates.ts';
import { useChangeRole, useRemoveMember } from '../api/members.ts';
import { useLeaveWorkspace } from '../api/workspace.ts';
import { Row, Tag } from './Row.tsx';

interface Props {
  member: WorkspaceMember;
  /** Without them nobody could give roles any more. */
  lastOwner: boolean;
}

/** A member, their role, and the way out of the workspace. */
export function MemberRow({ member, lastOwner }: Props) {
  const { workspace } = useMe();
  const [asking, setAsking] = useState(false);
  const change = useChangeRole();
  const remove = useRemoveMember();
  const leave = useLeaveWorkspace();
  const changes = may(workspace.role, 'manage-members') && mayGive(workspace.role, member.role);
  const failed = change.error && asProblem(change.error);
  const end = member.is_you ? leave : remove;
  return (
    <Row
      title={
        <>
          {member.name}
          {member.is_you && <Tag>You</Tag>}
        </>
      }
      text={`${member.email} · since ${formatDate(member.joined_at, workspace.zone)}`}
      foot={
        <>
          {lastOwner && member.is_you && (
            <p className="mt-2 text-[12.5px] text-muted">
              You are the last owner: make somebody else an owner before you leave or take another
              role.
            </p>
          )}
          <p role="alert" className="mt-2 text-[13px] text-bad empty:hidden">
            {failed && (failed.detail ?? failed.title)}
          </p>
        </>
      }
    >
      {changes ? (
        <SelectField
          bare
          label={`Role of ${member.name}`}
          value={change.isPending ? change.variables.role : member.role}
          disabled={change.isPending || lastOwner}
          onChange={(event) => change.mutate({ member, role: event.target.value as Role })}
          className="w-28"
        >
          {ROLES.filter((role) => mayGive(workspace.role, role)).map((role) => (
            <option key={role} value={role}>
              {ROLE_NAMES[role]}
            </option>
          ))}
        </SelectField>
      ) : (
        <span className="text-[13px] text-soft">{ROLE_NAMES[member.role]}</span>
      )}
      {(member.is_you || changes) && (
        <Button
          className="min-w-24"
          disabled={lastOwner}
          aria-label={member.is_you ? undefined : `Remove ${member.name}`}
          onClick={() => setAsking(true)}
        >
          {member.is_you ? 'Leave' : 'Remove'}
        </Button>
      )}
      <ConfirmDialog
        title={member.is_you ? `Leave ${workspace.name}?` : `Remove ${member.name}?`}
        lead={
          member.is_you
            ? 'You see nothing of it any more, in any tab. To come back, you need an invitation.'
            : `${member.name} sees nothing of ${workspace.name} any more, within seconds. What they did stays in the log.`
        }
        confirm={member.is_you ? 'Leave' : 'Remove'}
        open={asking}
        pending={end.isPending}
        problem={end.error ? asProblem(end.error) : null}
        onConfirm={() =>
          member.is_you
            ? leave.mutate()
            : remove.mutate(member, { onSuccess: () => setAsking(false) })
        }
        onClose={() => {
          setAsking(false);
          end.reset();
        }}
      />
    </Row>
  );
}
