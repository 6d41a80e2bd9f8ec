import { Lock } from 'lucide-react';
import type { Role } from '@/api/contract.ts';
import { type Action, ROLE_NAMES, whoMay } from '@/features/session/may.ts';

interface Props {
  action: Action;
  role: Role;
  /** What they may, as the sentence goes on: "make API keys". */
  what: string;
}

/** A section that the role does not open, and whose role does. */
export function Forbidden({ action, role, what }: Props) {
  return (
    <div className="flex gap-3 px-4 py-6 text-soft sm:px-5">
      <Lock aria-hidden="true" size={18} className="mt-0.5 shrink-0 text-muted" />
      <p>
        {whoMay(action)} {what}. You are {role === 'viewer' ? 'a' : 'an'}{' '}
        {ROLE_NAMES[role].toLowerCase()} here; ask one of them, or ask an owner for another role.
      </p>
    </div>
  );
}
