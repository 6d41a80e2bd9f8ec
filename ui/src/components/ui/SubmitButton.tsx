import type { ComponentProps } from 'react';
import type { Problem } from '@/api/problem.ts';
import { useSecondsUntil } from '../useSecondsUntil.ts';
import { Button } from './Button.tsx';

interface Props extends ComponentProps<typeof Button> {
  label: string;
  /** What it says while the form is under way. */
  busy: string;
  pending: boolean;
  problem: Problem | null;
}

/** Sends a form; rests while one is under way, and for as long as the server asked to wait. */
export function SubmitButton({ label, busy, pending, problem, disabled, ...rest }: Props) {
  const wait = useSecondsUntil(problem?.retryAt ?? null);
  return (
    <Button type="submit" look="primary" disabled={disabled || pending || wait > 0} {...rest}>
      {pending ? busy : wait > 0 ? `Try again in ${wait} s` : label}
    </Button>
  );
}
