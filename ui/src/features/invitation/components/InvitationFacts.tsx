import type { InvitationPreview } from '@/api/contract.ts';
import { ROLE_MEANINGS, ROLE_NAMES } from '@/features/session/may.ts';
import { formatInstant } from '@/format/dates.ts';

/** Workspace, role, by whom and until when. */
export function InvitationFacts({ preview }: { preview: InvitationPreview }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const facts: [string, string][] = [
    ['Workspace', preview.workspace_name],
    ['Your role', `${ROLE_NAMES[preview.role]}: ${ROLE_MEANINGS[preview.role]}`],
    ['Invited by', preview.invited_by ?? 'somebody who has left since'],
    ['Open until', formatInstant(preview.expires_at, zone)],
  ];
  return (
    <dl className="divide-y divide-line rounded-lg border border-line text-[13px]">
      {facts.map(([name, said]) => (
        <div key={name} className="flex gap-3 px-3.5 py-2.5">
          <dt className="w-24 shrink-0 text-muted">{name}</dt>
          <dd className="min-w-0 font-medium">{said}</dd>
        </div>
      ))}
    </dl>
  );
}
