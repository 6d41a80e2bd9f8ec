import { Button } from '@/components/ui/Button.tsx';
import { useLogOut } from '../api/session.ts';
import { EntryPage } from './EntryPage.tsx';

/** Logged in, but a member of nothing any more. */
export function NoWorkspacePage({ email }: { email: string }) {
  const logOut = useLogOut();
  return (
    <EntryPage
      title="No workspace"
      lead={`${email} is no longer a member of this workspace.`}
      foot="Ask an owner of the workspace to add you again."
    >
      <Button look="primary" className="w-full" onClick={() => logOut.mutate()}>
        Log out
      </Button>
    </EntryPage>
  );
}
