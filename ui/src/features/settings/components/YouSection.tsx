import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { modeOptions } from '@/features/session/api/mode.ts';
import { useRenameYourself } from '../api/you.ts';
import { PasswordPanel } from './PasswordPanel.tsx';
import { Saved } from './Saved.tsx';
import { SessionsPanel } from './SessionsPanel.tsx';

export function YouSection() {
  const { user } = useMe();
  const { data: mode } = useQuery(modeOptions);
  const byClerk = mode?.mode === 'clerk';
  return (
    <>
      <Panel title="You" note={user.email}>
        {byClerk ? (
          <p className="px-4 pb-5 text-[13px] text-soft sm:px-5">
            {user.name}. Clerk keeps your name, e-mail and password; change them there.
          </p>
        ) : (
          <NameForm name={user.name} />
        )}
      </Panel>
      {!byClerk && <PasswordPanel />}
      <SessionsPanel />
    </>
  );
}

function NameForm({ name }: { name: string }) {
  const rename = useRenameYourself();
  const problem = rename.error ? asProblem(rename.error) : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <form onSubmit={submit} className="max-w-md px-4 pt-1 pb-5 sm:px-5">
      <FormProblem problem={problem} />
      <Field
        label="Your name"
        name="name"
        defaultValue={name}
        autoComplete="name"
        maxLength={80}
        note="As others of the workspace, and its log, know you."
        required
      />
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <SubmitButton label="Save" busy="Saving…" pending={rename.isPending} problem={problem} />
        <Saved>{rename.isSuccess && 'Saved.'}</Saved>
      </div>
    </form>
  );
}
