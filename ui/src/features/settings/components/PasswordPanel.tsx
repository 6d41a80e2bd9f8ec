import { type FormEvent, useState } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { aboveForm, NewPasswordField } from '@/features/session/components/NewPasswordField.tsx';
import { useChangePassword } from '../api/you.ts';
import { Saved } from './Saved.tsx';

/** Another password; whoever else is logged in with the old one is logged out. */
export function PasswordPanel() {
  const { user } = useMe();
  const change = useChangePassword();
  const problem = change.error ? asProblem(change.error) : null;
  const wrong = problem?.code === 'wrong-password';
  const [times, setTimes] = useState(0); // a form that was taken begins anew, empty
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate(
      { current: String(form.get('current')), new: String(form.get('new')) },
      { onSuccess: () => setTimes(times + 1) },
    );
  };
  return (
    <Panel title="Password" note="Changing it ends all your other sessions.">
      <form
        key={times}
        onSubmit={submit}
        className="flex max-w-md flex-col gap-4 px-4 pt-1 pb-5 sm:px-5"
      >
        <FormProblem problem={wrong ? null : aboveForm(problem)} />
        {/* So that a password manager knows whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={user.email} />
        <Field
          label="Password that you have now"
          name="current"
          type="password"
          autoComplete="current-password"
          maxLength={256}
          error={wrong ? 'This is not your password.' : undefined}
          required
        />
        <NewPasswordField label="New password" name="new" problem={problem} />
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton
            label="Change the password"
            busy="Changing it…"
            pending={change.isPending}
            problem={problem}
          />
          <Saved>{change.isSuccess && 'Changed. All other sessions are over.'}</Saved>
        </div>
      </form>
    </Panel>
  );
}
