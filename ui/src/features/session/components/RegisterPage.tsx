import { Link, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { useRegister } from '../api/session.ts';
import { useOnward } from '../useOnward.ts';
import { EntryPage } from './EntryPage.tsx';
import { FormProblem } from './FormProblem.tsx';

export function RegisterPage() {
  const { next } = useSearch({ from: '/register' });
  useOnward(next);
  const register = useRegister();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const workspace = String(form.get('workspace_name')).trim();
    register.mutate({
      email: String(form.get('email')),
      password: String(form.get('password')),
      ...(workspace ? { workspace_name: workspace } : {}),
    });
  };
  return (
    <EntryPage
      title="Make an account"
      lead="You get a workspace of your own, with nothing connected yet."
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
      <form onSubmit={submit} className="flex flex-col gap-4">
        <FormProblem problem={register.error ? asProblem(register.error) : null} />
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          note="8 characters or more; a sentence is a good one."
          required
        />
        <Field
          label="Name of the workspace (optional)"
          name="workspace_name"
          autoComplete="organization"
          maxLength={80}
        />
        <Button
          type="submit"
          look="primary"
          className="mt-2 h-10 w-full"
          disabled={register.isPending}
        >
          {register.isPending ? 'Making it…' : 'Make the account'}
        </Button>
      </form>
    </EntryPage>
  );
}
