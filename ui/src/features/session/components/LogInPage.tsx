import { Link, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { useLogIn } from '../api/session.ts';
import { useOnward } from '../useOnward.ts';
import { EntryPage } from './EntryPage.tsx';
import { FormProblem } from './FormProblem.tsx';

export function LogInPage() {
  const { next } = useSearch({ from: '/login' });
  useOnward(next);
  const logIn = useLogIn();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    logIn.mutate({ email: String(form.get('email')), password: String(form.get('password')) });
  };
  return (
    <EntryPage
      title="Log in"
      lead="Is my ad money working? Your figures know."
      foot={
        <>
          New here?{' '}
          <Link
            to="/register"
            search={{ next }}
            className="font-medium text-accent underline underline-offset-2"
          >
            Make an account
          </Link>
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <FormProblem problem={logIn.error ? asProblem(logIn.error) : null} />
        <Field label="E-mail" name="email" type="email" autoComplete="username" required />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button
          type="submit"
          look="primary"
          className="mt-2 h-10 w-full"
          disabled={logIn.isPending}
        >
          {logIn.isPending ? 'Logging in…' : 'Log in'}
        </Button>
      </form>
    </EntryPage>
  );
}
