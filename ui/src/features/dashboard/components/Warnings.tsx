import { Info } from 'lucide-react';
import type { Caution, Dashboard } from '@/api/contract.ts';
import { ConnectionsLink } from './Empty.tsx';

/** What a reader should know before trusting a number. */
export function Warnings({ warnings }: { warnings: Caution[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface px-3.5 py-2.5 text-left text-[13px] text-soft">
      {warnings.map(({ code, message }) => (
        <li key={message} className="flex items-start gap-2">
          <Info aria-hidden="true" size={15} className="mt-0.5 shrink-0 text-muted" />
          <span>
            {message}
            {code === 'failing-account' && (
              <>
                {' '}
                <ConnectionsLink>See its connection</ConnectionsLink>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The server's warnings, and, once for all tiles, why none of them can be compared. */
export function cautionsOf({ kpis, meta, comparison }: Dashboard): Caution[] {
  const [first] = kpis;
  const reason = first?.delta.reason;
  const shared = kpis.every(({ delta }) => delta.kind === 'none' && delta.reason === reason);
  if (!comparison || !reason || !shared) return meta.warnings;
  return [...meta.warnings, { code: 'nothing-to-compare', message: reason }];
}
