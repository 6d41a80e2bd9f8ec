import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OwnSession } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { useNow } from '@/components/useNow.ts';
import { usePartView } from '@/components/view.ts';
import { useMe } from '@/features/session/api/me.ts';
import { formatAge, formatDate, formatInstant } from '@/format/dates.ts';
import { sessionsOptions, useEndAll, useEndOthers, useEndSession } from '../api/you.ts';
import { Row, Tag } from './Row.tsx';
import { Saved } from './Saved.tsx';

/** Where one is logged in, and the ways to end that. */
export function SessionsPanel() {
  const { workspace } = useMe();
  const view = usePartView(useQuery(sessionsOptions));
  return (
    <Panel title="Sessions" note="Where you are logged in. An ended one is over within a second.">
      <Part view={view} what="This list is">
        {(sessions) => (
          <>
            <ul aria-label="Sessions" className="divide-y divide-line border-line border-t">
              {sessions.map((session) => (
                <Session key={session.id} session={session} zone={workspace.zone} />
              ))}
            </ul>
            <Endings others={sessions.length - 1} />
          </>
        )}
      </Part>
    </Panel>
  );
}

function Session({ session, zone }: { session: OwnSession; zone: string }) {
  const end = useEndSession();
  const now = useNow(10_000);
  const agent = session.agent ?? 'An unknown device';
  const used = formatAge(Math.max(0, now - new Date(session.last_used_at).getTime()) / 1_000);
  return (
    <Row
      title={
        <>
          {agent}
          {session.is_current && <Tag tone="good">This one</Tag>}
        </>
      }
      text={`Last used ${used} · since ${formatInstant(session.created_at, zone)} · until ${formatDate(session.expires_at, zone)}`}
      foot={
        <p role="alert" className="mt-1 text-[13px] text-bad empty:hidden">
          {end.error && asProblem(end.error).title}
        </p>
      }
    >
      {!session.is_current && (
        <Button
          disabled={end.isPending}
          aria-label={`End the session of ${agent}`}
          onClick={() => end.mutate(session.id)}
        >
          End
        </Button>
      )}
    </Row>
  );
}

function Endings({ others }: { others: number }) {
  const endOthers = useEndOthers();
  const endAll = useEndAll();
  const [asking, setAsking] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-t px-4 py-3 sm:px-5">
      <Button disabled={others < 1 || endOthers.isPending} onClick={() => endOthers.mutate()}>
        End all others
      </Button>
      <Button look="danger" onClick={() => setAsking(true)}>
        End all, here too
      </Button>
      <Saved>{endOthers.isSuccess && 'All others are over.'}</Saved>
      <p role="alert" className="text-[13px] text-bad empty:hidden">
        {endOthers.error && asProblem(endOthers.error).title}
      </p>
      <ConfirmDialog
        title="End all sessions?"
        lead="You are logged out everywhere, in this browser too."
        confirm="End all"
        open={asking}
        pending={endAll.isPending}
        problem={endAll.error ? asProblem(endAll.error) : null}
        onConfirm={() => endAll.mutate()}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
