import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { modeOptions } from '../api/mode.ts';
import { useRegister } from '../api/session.ts';
import { useOnward } from '../useOnward.ts';
import { ClerkDoor } from './ClerkDoor.tsx';
import { EntryPage } from './EntryPage.tsx';
import { aboveForm, NewPasswordField } from './NewPasswordField.tsx';

export function RegisterPage() {
  const { next } = useSearch({ from: '/register' });
  useOnward(next);
  const { data: mode } = useQuery(modeOptions);
  const register = useRegister();
  const problem = register.error ? asProblem(register.error) : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name)).trim();
    register.mutate({
      email: String(form.get('email')),
      password: String(form.get('password')),
      ...(given('name') ? { name: given('name') } : {}),
      ...(given('workspace_name') ? { workspace_name: given('workspace_name') } : {}),
    });
  };
  return (
    <EntryPage
      title="Make an account"
      lead={
        next?.startsWith('/invitation')
          ? 'Then you can join. You get a workspace of your own, too.'
          : 'You get a workspace of your own, with nothing connected yet.'
      }
      foot={
        <>
          Already here?{' '}
          <Link
            to="/login"
            search={{ next }}
            className="font-medium text-accent underline underline-offset-2"
          >
            Log in
          </Link>
        </>
      }
    >
      <ClerkDoor mode={mode} next={next}>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <FormProblem problem={aboveForm(problem)} />
          <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          <NewPasswordField label="Password" name="password" problem={problem} />
          <Field label="Your name (optional)" name="name" autoComplete="name" maxLength={80} />
          <Field
            label="Name of the workspace (optional)"
            name="workspace_name"
            autoComplete="organization"
            maxLength={80}
          />
          <SubmitButton
            label="Make the account"
            busy="Making it…"
            pending={register.isPending}
            problem={problem}
            className="mt-2 h-10 w-full"
          />
        </form>
      </ClerkDoor>
    </EntryPage>
  );
}
