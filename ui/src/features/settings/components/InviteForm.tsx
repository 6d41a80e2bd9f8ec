import { type FormEvent, useState } from 'react';
import type { Role } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { CopyOnce } from '@/components/ui/CopyOnce.tsx';
import { Dialog } from '@/components/ui/Dialog.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SelectField } from '@/components/ui/SelectField.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { mayGive, ROLE_MEANINGS, ROLE_NAMES, ROLES } from '@/features/session/may.ts';
import { formatInstant } from '@/format/dates.ts';
import { useInvite } from '../api/members.ts';

/** Makes an invitation's link, which is shown this once. */
export function InviteForm() {
  const { workspace } = useMe();
  const invite = useInvite();
  const problem = invite.error ? asProblem(invite.error) : null;
  const [role, setRole] = useState<Role>('viewer');
  const made = invite.data;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const email = String(new FormData(form).get('email')).trim();
    invite.mutate({ role, ...(email ? { email } : {}) }, { onSuccess: () => form.reset() });
  };
  return (
    <form onSubmit={submit} className="px-4 pt-1 pb-4 sm:px-5">
      <FormProblem problem={problem} />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <Field
          label="E-mail (optional)"
          name="email"
          type="email"
          autoComplete="off"
          note="With it, only that account may accept; without, whoever has the link."
        />
        <SelectField
          label="Role"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
          note={`${ROLE_NAMES[role]}: ${ROLE_MEANINGS[role]}.`}
        >
          {ROLES.filter((each) => mayGive(workspace.role, each)).map((each) => (
            <option key={each} value={each}>
              {ROLE_NAMES[each]}
            </option>
          ))}
        </SelectField>
      </div>
      <SubmitButton
        label="Make an invitation link"
        busy="Making it…"
        pending={invite.isPending}
        problem={problem}
        className="mt-4"
      />
      <Dialog
        title="The invitation link"
        open={made !== undefined}
        onClose={invite.reset}
        lead={
          made &&
          `For ${made.invitation.email ?? 'one person'}, as ${made.invitation.role}, until ${formatInstant(made.invitation.expires_at, workspace.zone)}.`
        }
      >
        {made && (
          <CopyOnce
            label="Link"
            text={made.link}
            note="It is shown this once. Whoever is sent it joins by opening it."
          />
        )}
        <div className="mt-4 flex justify-end">
          <Button onClick={invite.reset}>Done</Button>
        </div>
      </Dialog>
    </form>
  );
}
