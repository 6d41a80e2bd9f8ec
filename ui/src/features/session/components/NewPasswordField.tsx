import { useState } from 'react';
import type { Problem } from '@/api/problem.ts';
import { Field } from '@/components/ui/Field.tsx';
import { PasswordRules, SHORTEST } from './PasswordRules.tsx';

interface Props {
  label: string;
  name: string;
  problem: Problem | null;
}

/** A password to be set: its rules beforehand, and beside it why one was refused. */
export function NewPasswordField({ label, name, problem }: Props) {
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<{ problem: Problem; password: string } | null>(null);
  const breached = problem?.code === 'password-breached' ? problem : null;
  if (breached && refused?.problem !== breached) setRefused({ problem: breached, password });
  const error =
    breached && refused?.password === password
      ? 'This password is known from a breach, so others will try it. Choose another.'
      : undefined;
  return (
    <Field
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      minLength={SHORTEST}
      maxLength={256}
      value={password}
      onChange={(event) => setPassword(event.target.value)}
      error={error}
      note={<PasswordRules password={password} />}
      required
    />
  );
}

/** What is left to say above the form: a breached password is told at its field. */
export const aboveForm = (problem: Problem | null): Problem | null =>
  problem?.code === 'password-breached' ? null : problem;
