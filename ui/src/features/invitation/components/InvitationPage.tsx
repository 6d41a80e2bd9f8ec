import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { ProblemNote } from '@/components/ui/ProblemNote.tsx';
import { Skeleton } from '@/components/ui/Skeleton.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { usePartView } from '@/components/view.ts';
import { meOptions } from '@/features/session/api/me.ts';
import { useLogOut } from '@/features/session/api/session.ts';
import { EntryPage } from '@/features/session/components/EntryPage.tsx';
import { previewOptions, useAccept } from '../api/invitation.ts';
import { type Standing, standing } from '../standing.ts';
import { forgetToken, heldToken } from '../token.ts';
import { DoorLink } from './DoorLink.tsx';
import { InvitationFacts } from './InvitationFacts.tsx';

/** What an invitation link opens: what it is to, and the way in. */
export function InvitationPage() {
  const router = useRouter();
  const [token] = useState(heldToken);
  const { data: me, error } = useQuery(meOptions);
  const view = usePartView(useQuery(previewOptions(token)));
  const accept = useAccept();
  const logOut = useLogOut();
  if (me === undefined && error) throw error;
  const refused = accept.error ? asProblem(accept.error) : null;
  const at = standing(token, view, me, refused);
  const leave = () => {
    forgetToken();
    void router.navigate({ to: '/', replace: true });
  };
  const home = (
    <Button className="w-full" onClick={leave}>
      {me ? 'Go to your dashboard' : 'Go to the log-in'}
    </Button>
  );
  const { title, lead } = wordsOf(at, me?.user.email);

  const body = (() => {
    switch (at.state) {
      case 'loading':
        return (
          <div aria-busy="true" className="flex flex-col gap-3">
            <Skeleton className="h-5 w-8/12" />
            <Skeleton className="h-5 w-6/12" />
            <Skeleton className="mt-4 h-10 w-full" />
          </div>
        );
      case 'no-token':
      case 'unknown':
      case 'over':
        return home;
      case 'failed':
        return <ProblemNote problem={at.problem} onRetry={at.retry} />;
      case 'signed-out':
        return (
          <div className="flex flex-col gap-5">
            <InvitationFacts preview={at.preview} />
            <div className="flex flex-col gap-2">
              <DoorLink to="/login" look="primary">
                Log in to join
              </DoorLink>
              <DoorLink to="/register">Make an account to join</DoorLink>
            </div>
          </div>
        );
      case 'for-another':
        return (
          <div className="flex flex-col gap-5">
            <InvitationFacts preview={at.preview} />
            <div className="flex flex-col gap-2">
              <Button look="primary" className="h-10 w-full" onClick={() => logOut.mutate()}>
                Log out, and go on as somebody else
              </Button>
              {home}
            </div>
          </div>
        );
      case 'member':
        return home;
      case 'open':
        return (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (token) accept.mutate(token, { onSuccess: leave });
            }}
            className="flex flex-col gap-5"
          >
            <InvitationFacts preview={at.preview} />
            <div>
              <FormProblem problem={refused} />
              <SubmitButton
                label={`Join ${at.preview.workspace_name}`}
                busy="Joining…"
                pending={accept.isPending}
                problem={refused}
                className="h-10 w-full"
              />
              <Button look="quiet" className="mt-2 w-full" onClick={leave}>
                Not now
              </Button>
            </div>
          </form>
        );
    }
  })();
  return (
    <EntryPage title={title} lead={lead}>
      {body}
    </EntryPage>
  );
}

function wordsOf(at: Standing, email: string | undefined): { title: string; lead: string } {
  switch (at.state) {
    case 'loading':
      return { title: 'Invitation', lead: 'Reading what it is to…' };
    case 'no-token':
      return {
        title: 'This link is not whole',
        lead: 'Its end is missing. Copy the whole link, or ask for it again.',
      };
    case 'unknown':
      return {
        title: 'No such invitation',
        lead: 'The link is mistyped, or it was cut off. Copy it whole, or ask for a new one.',
      };
    case 'over':
      return {
        title: 'This invitation is over',
        lead: 'It was used, revoked, or its seven days have passed. Ask for a new one.',
      };
    case 'failed':
      return { title: 'Invitation', lead: 'It could not be read just now.' };
    case 'member':
      return {
        title: 'You are a member already',
        lead: `${email} is in ${at.preview.workspace_name}. The account menu goes over to it.`,
      };
    case 'for-another':
      return {
        title: 'This invitation is for somebody else',
        lead: at.preview.email
          ? `It is for ${at.preview.email}; you are logged in as ${email}.`
          : `It is for another e-mail than ${email}.`,
      };
    case 'signed-out':
    case 'open':
      return {
        title: `Join ${at.preview.workspace_name}`,
        lead: email ? `You are logged in as ${email}.` : 'Log in first, or make an account.',
      };
  }
}
