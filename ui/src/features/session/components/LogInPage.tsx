import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { modeOptions } from '../api/mode.ts';
import { useLogIn } from '../api/session.ts';
import { useOnward } from '../useOnward.ts';
import { ClerkDoor } from './ClerkDoor.tsx';
import { EntryPage } from './EntryPage.tsx';

export function LogInPage() {
  const { next } = useSearch({ from: '/login' });
  useOnward(next);
  const { data: mode } = useQuery(modeOptions);
  const logIn = useLogIn();
  const problem = logIn.error ? asProblem(logIn.error) : null;
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
        mode?.mode !== 'clerk' && (
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
        )
      }
    >
      <ClerkDoor mode={mode} next={next}>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <FormProblem problem={problem} />
          <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            maxLength={256}
            required
          />
          <SubmitButton
            label="Log in"
            busy="Logging in…"
            pending={logIn.isPending}
            problem={problem}
            className="mt-2 h-10 w-full"
          />
        </form>
      </ClerkDoor>
    </EntryPage>
  );
}
