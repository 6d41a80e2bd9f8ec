import type { InvitationPreview, Me } from '@/api/contract.ts';
import type { Problem } from '@/api/problem.ts';
import type { PartView } from '@/components/view.ts';

/** Where somebody stands before an invitation. */
export type Standing =
  | { state: 'loading' | 'no-token' | 'unknown' | 'over' }
  | { state: 'failed'; problem: Problem; retry: () => void }
  | { state: 'signed-out' | 'open' | 'for-another' | 'member'; preview: InvitationPreview };

export function standing(
  token: string | null,
  view: PartView<InvitationPreview>,
  me: Me | null | undefined,
  refused: Problem | null,
): Standing {
  if (token === null) return { state: 'no-token' };
  const code = refused?.code ?? (view.state === 'failed' ? view.problem.code : null);
  // A token of another shape than ours is refused as a request, not as an invitation.
  if (code === 'invitation-not-found' || code === 'invalid-request') return { state: 'unknown' };
  if (code === 'invitation-over') return { state: 'over' };
  if (view.state === 'failed') return view;
  if (view.state !== 'ready' || me === undefined) return { state: 'loading' };
  const preview = view.data;
  if (me === null) return { state: 'signed-out', preview };
  if (code === 'already-member') return { state: 'member', preview };
  const bound = preview.email?.toLowerCase();
  const another = bound !== undefined && bound !== me.user.email.toLowerCase();
  return { state: another || code === 'invitation-for-another' ? 'for-another' : 'open', preview };
}
