import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditEntry } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { usePartView } from '@/components/view.ts';
import { useMe } from '@/features/session/api/me.ts';
import { may } from '@/features/session/may.ts';
import { formatDate, formatInstant } from '@/format/dates.ts';
import { logOptions } from '../api/log.ts';
import { sentenceOf } from '../audit.ts';
import { Forbidden } from './Forbidden.tsx';

export function LogSection() {
  const { workspace } = useMe();
  return (
    <Panel title="Log of changes" note="Who did what to this workspace; it is never changed.">
      {may(workspace.role, 'read-audit') ? (
        <Log />
      ) : (
        <Forbidden action="read-audit" role={workspace.role} what="read the log" />
      )}
    </Panel>
  );
}

function Log() {
  const { workspace } = useMe();
  const query = useInfiniteQuery(logOptions(workspace.id));
  const view = usePartView(query);
  return (
    <Part view={view} what="This log is">
      {({ pages }) => {
        const days = byDay(
          pages.flatMap(({ data }) => data),
          workspace.zone,
        );
        return (
          <div className="border-line border-t px-4 py-3 sm:px-5">
            {days.length === 0 && (
              <p className="text-[13px] text-muted">Nothing was changed yet.</p>
            )}
            {days.map(([day, entries]) => (
              <section key={day} aria-label={day} className="pb-3">
                <h3 className="py-1.5 font-semibold text-[12.5px] text-muted">{day}</h3>
                <ul className="flex flex-col gap-1.5">
                  {entries.map((entry) => (
                    <li key={entry.id} className="flex gap-3 text-[13.5px]">
                      <time dateTime={entry.at} className="figures w-12 shrink-0 text-muted">
                        {formatInstant(entry.at, workspace.zone).split(', ').at(-1)}
                      </time>
                      <span className="min-w-0">{sentenceOf(entry)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            {query.hasNextPage && (
              <Button
                disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {query.isFetchingNextPage ? 'Loading…' : 'Load older changes'}
              </Button>
            )}
            <p role="alert" className="mt-2 text-[13px] text-bad empty:hidden">
              {query.isFetchNextPageError && asProblem(query.error).title}
            </p>
          </div>
        );
      }}
    </Part>
  );
}

/** Newest first, as they came; a day is one of the workspace's zone. */
function byDay(entries: readonly AuditEntry[], zone: string): [string, AuditEntry[]][] {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const day = formatDate(entry.at, zone);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
