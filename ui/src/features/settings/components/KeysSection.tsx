import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Scope, WorkspaceApiKey } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { useNow } from '@/components/useNow.ts';
import { usePartView } from '@/components/view.ts';
import { useMe } from '@/features/session/api/me.ts';
import { may } from '@/features/session/may.ts';
import { formatAge, formatDate } from '@/format/dates.ts';
import { keysOptions, useRevokeKey } from '../api/keys.ts';
import { Forbidden } from './Forbidden.tsx';
import { KeyForm } from './KeyForm.tsx';
import { Row, Tag } from './Row.tsx';

export function KeysSection() {
  const { workspace } = useMe();
  const acting = may(workspace.role, 'manage-keys');
  return (
    <Panel
      title="API keys"
      note="For programs of yours that read this workspace. A key never manages people, keys or settings."
    >
      {acting ? (
        <>
          <KeyForm />
          <Keys />
        </>
      ) : (
        <Forbidden action="manage-keys" role={workspace.role} what="make and end API keys" />
      )}
    </Panel>
  );
}

function Keys() {
  const { workspace } = useMe();
  const view = usePartView(useQuery(keysOptions(workspace.id)));
  return (
    <Part view={view} what="This list is">
      {(keys) =>
        keys.length === 0 ? (
          <p className="border-line border-t px-4 py-4 text-[13px] text-muted sm:px-5">
            There is no key yet.
          </p>
        ) : (
          <ul aria-label="API keys" className="divide-y divide-line border-line border-t">
            {keys.map((key) => (
              <Key key={key.id} apiKey={key} zone={workspace.zone} />
            ))}
          </ul>
        )
      }
    </Part>
  );
}

const STATES = {
  live: { word: 'Live', tone: 'good' },
  revoked: { word: 'Revoked', tone: 'plain' },
  expired: { word: 'Expired', tone: 'plain' },
} as const;

const SCOPES: Record<Scope, string> = {
  read: 'reads',
  connections: 'manages connections',
};

function Key({ apiKey, zone }: { apiKey: WorkspaceApiKey; zone: string }) {
  const revoke = useRevokeKey();
  const [asking, setAsking] = useState(false);
  const now = useNow(10_000);
  const { word, tone } = STATES[apiKey.state];
  const used = apiKey.last_used_at
    ? `last used ${formatAge(Math.max(0, now - new Date(apiKey.last_used_at).getTime()) / 1_000)}`
    : 'never used';
  const ends = apiKey.expires_at
    ? `${apiKey.state === 'expired' ? 'ended' : 'ends'} ${formatDate(apiKey.expires_at, zone)}`
    : 'without an end';
  return (
    <Row
      title={
        <>
          {apiKey.name}
          <Tag tone={tone}>{word}</Tag>
        </>
      }
      text={
        <>
          <code>{apiKey.hint}…</code> · {apiKey.scopes.map((scope) => SCOPES[scope]).join(', ')} ·{' '}
          {used} · {ends} · made by {apiKey.created_by ?? 'somebody who is gone'} on{' '}
          {formatDate(apiKey.created_at, zone)}
        </>
      }
    >
      {apiKey.state === 'live' && (
        <Button aria-label={`Revoke ${apiKey.name}`} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
      <ConfirmDialog
        title={`Revoke ${apiKey.name}?`}
        lead="Whatever uses it is refused from now on. A key cannot be brought back; make a new one."
        confirm="Revoke"
        open={asking}
        pending={revoke.isPending}
        problem={revoke.error ? asProblem(revoke.error) : null}
        onConfirm={() => revoke.mutate(apiKey.id, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      />
    </Row>
  );
}
