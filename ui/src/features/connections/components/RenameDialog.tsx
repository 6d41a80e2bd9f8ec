import type { FormEvent } from 'react';
import type { ConnectionCard } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Dialog } from '@/components/ui/Dialog.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useRename } from '../api/connections.ts';

interface Props {
  card: ConnectionCard;
  open: boolean;
  onClose: () => void;
}

export function RenameDialog({ card, open, onClose }: Props) {
  const rename = useRename();
  const problem = rename.error ? asProblem(rename.error) : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get('label')).trim();
    rename.mutate({ card, label }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title="Rename the connection"
      lead="How it is called here; the platform keeps its own name for it."
      open={open}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <FormProblem problem={problem} />
        <Field label="Name" name="label" defaultValue={card.label} maxLength={80} required />
        <SubmitButton
          label="Rename"
          busy="Renaming…"
          pending={rename.isPending}
          problem={problem}
          className="self-end"
        />
      </form>
    </Dialog>
  );
}
