import { type FormEvent, useState } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Dialog } from '@/components/ui/Dialog.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useMakeWorkspace } from '../api/workspaces.ts';

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Makes a workspace on this device's calendar, and goes over to it. */
export function NewWorkspaceDialog({ open, onClose }: Props) {
  const make = useMakeWorkspace();
  const problem = make.error ? asProblem(make.error) : null;
  const [zone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    make.mutate({ name, zone }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title="New workspace"
      lead={`You own it, and it sees nothing of the others. It begins on the calendar of ${zone}, in USD; Settings change both.`}
      open={open}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <FormProblem problem={problem} />
        <Field label="Name" name="name" autoComplete="organization" maxLength={80} required />
        <SubmitButton
          label="Make the workspace"
          busy="Making it…"
          pending={make.isPending}
          problem={problem}
          className="self-end"
        />
      </form>
    </Dialog>
  );
}
