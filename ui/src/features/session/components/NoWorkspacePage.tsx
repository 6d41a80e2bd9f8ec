import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Me } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { useLogOut } from '../api/session.ts';
import { useEnterWorkspace } from '../api/workspaces.ts';
import { ROLE_NAMES } from '../may.ts';
import { EntryPage } from './EntryPage.tsx';
import { NewWorkspaceDialog } from './NewWorkspaceDialog.tsx';

/** Logged in, but acting nowhere: removed, or gone by themselves. Their other workspaces stay open. */
export function NoWorkspacePage({ me: { user, workspaces } }: { me: Me }) {
  const logOut = useLogOut();
  const enter = useEnterWorkspace();
  const [making, setMaking] = useState(false);
  return (
    <EntryPage
      title="No workspace"
      lead={`${user.email} is no longer a member of the workspace that was open here.`}
      foot="To come back to it, ask one of its owners for an invitation."
    >
      <FormProblem problem={enter.error ? asProblem(enter.error) : null} />
      {workspaces.length > 0 && (
        <ul aria-label="Your workspaces" className="mb-4 flex flex-col gap-2">
          {workspaces.map(({ id, name, role }) => (
            <li key={id}>
              <Button
                className="h-11 w-full text-left"
                disabled={enter.isPending}
                onClick={() => enter.mutate(id)}
              >
                <span className="min-w-0 flex-1 truncate">
                  {name} <span className="font-normal text-muted">· {ROLE_NAMES[role]}</span>
                </span>
                <ChevronRight aria-hidden="true" size={16} className="shrink-0" />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-col gap-2">
        <Button look="primary" className="h-10 w-full" onClick={() => setMaking(true)}>
          Make a workspace
        </Button>
        <Button look="quiet" className="w-full" onClick={() => logOut.mutate()}>
          Log out
        </Button>
      </div>
      <NewWorkspaceDialog open={making} onClose={() => setMaking(false)} />
    </EntryPage>
  );
}
