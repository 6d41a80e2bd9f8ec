import type { ReactNode } from 'react';
import type { AuthMode } from '@/api/contract.ts';
import { clerkSignIn } from '../api/mode.ts';

interface Props {
  mode: AuthMode | undefined;
  next?: string;
  /** The door of metricx itself. */
  children: ReactNode;
}

/** Where Clerk signs people in, its page is the door; else metricx has one of its own. */
export function ClerkDoor({ mode, next, children }: Props) {
  if (mode?.mode !== 'clerk') return children;
  const page = clerkSignIn(mode, next);
  if (!page)
    return (
      <p className="text-soft">
        Clerk signs people in here, but metricx was not told where its page is. Ask whoever runs
        metricx to set CLERK__SIGN_IN_URL.
      </p>
    );
  return (
    <>
      <a
        href={page}
        className="inline-flex h-10 w-full items-center justify-center rounded-lg bg-accent font-medium text-[14px] text-accent-ink hover:brightness-110"
      >
        Continue with Clerk
      </a>
      {mode.simulated && (
        <p className="mt-3 text-center text-[13px] text-muted">
          A simulated Clerk; no account of yours is used.
        </p>
      )}
    </>
  );
}
