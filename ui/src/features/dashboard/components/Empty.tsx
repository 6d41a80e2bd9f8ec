import { Link } from '@tanstack/react-router';
import { Check, CloudOff, Hourglass, type LucideIcon, Plug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Freshness } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import { useMe } from '@/features/session/api/me.ts';
import { may, whoMay } from '@/features/session/may.ts';
import { formatRange } from '@/format/dates.ts';

interface Props {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
}

/** What stands in the middle of a page without figures. */
export function Card({ children }: { children: ReactNode }) {
  return (
    <section className="mx-auto my-6 max-w-xl rounded-2xl border border-line bg-surface shadow-card sm:my-12">
      {children}
    </section>
  );
}

/** A page without figures, and why. */
export function Empty({ icon: Icon, title, children }: Props) {
  return (
    <Card>
      <div className="flex flex-col items-center gap-3 px-6 py-14 text-center text-soft sm:px-12">
        <span className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
          <Icon aria-hidden="true" size={22} />
        </span>
        <h1 className="font-semibold text-ink text-lg tracking-tight">{title}</h1>
        {children}
      </div>
    </Card>
  );
}

/** Nothing is connected; this is not a failure, and no figure is invented. */
export function NeedsSetup() {
  const { workspace } = useMe();
  const acting = may(workspace.role, 'manage-connections');
  return (
    <Empty icon={Plug} title="No ad account is connected yet">
      <p className="text-balance">
        Three steps lead to the answer whether your ad money is working.
      </p>
      <ol className="mt-2 flex w-full flex-col gap-4 text-left">
        <Step mark={<Check aria-hidden="true" size={15} />} title="Make a workspace">
          {workspace.name} is there, in {workspace.currency}, on the calendar of {workspace.zone}.
        </Step>
        <Step mark="2" title="Connect an ad account" next>
          {acting
            ? 'You agree on the platform’s own page, and choose which accounts are read.'
            : `${whoMay('manage-connections')} of ${workspace.name} connect accounts; ask one of them.`}
        </Step>
        <Step mark="3" title="See your figures">
          The last 90 days are read within minutes. Then spend, clicks and purchases appear here,
          and move by themselves.
        </Step>
      </ol>
      <Link
        to="/connections"
        className="mt-3 inline-flex h-10 items-center rounded-lg bg-accent px-4 font-medium text-[13.5px] text-accent-ink hover:brightness-110"
      >
        {acting ? 'Connect an ad account' : 'See the connections'}
      </Link>
    </Empty>
  );
}

interface StepProps {
  mark: ReactNode;
  title: string;
  /** The one to be done now. */
  next?: boolean;
  children: ReactNode;
}

function Step({ mark, title, next = false, children }: StepProps) {
  return (
    <li className="flex gap-3" aria-current={next ? 'step' : undefined}>
      <span
        aria-hidden="true"
        className={cx(
          'figures grid size-7 shrink-0 place-items-center rounded-full font-semibold text-[13px]',
          next ? 'bg-accent text-accent-ink' : 'bg-sunken text-soft',
        )}
      >
        {mark}
      </span>
      <div className="text-[13px]">
        <p className="font-medium text-[14px] text-ink leading-7">{title}</p>
        <p>{children}</p>
      </div>
    </li>
  );
}

/** The way to where the accounts that are read can be seen, and mended. */
export function ConnectionsLink({ children }: { children: ReactNode }) {
  return (
    <Link to="/connections" className="font-medium text-accent underline underline-offset-2">
      {children}
    </Link>
  );
}

export function WaitingForData({ sources }: { sources: readonly Freshness[] }) {
  return (
    <Empty icon={Hourglass} title="The first figures are on their way">
      <p>Your account is connected and its history is being read. This page fills by itself.</p>
      <ConnectionsLink>See how far the reading is</ConnectionsLink>
      {sources.length > 0 && (
        <ul className="mt-2 w-full divide-y divide-line rounded-lg border border-line text-left text-[13px]">
          {sources.map((source) => (
            <li key={`${source.connection_id}/${source.account_id}`} className="px-3.5 py-2.5">
              <p className="font-medium text-ink">{source.label}</p>
              <p>{source.reason ?? 'Reading'}</p>
              {source.data_from && source.data_through && (
                <p className="text-muted">
                  Read so far: {formatRange(source.data_from, source.data_through)}
                </p>
              )}
              {source.next_step && <p className="font-medium">{source.next_step}</p>}
            </li>
          ))}
        </ul>
      )}
    </Empty>
  );
}

export function NothingYetOffline() {
  return (
    <Empty icon={CloudOff} title="You are offline">
      <p>No figures have been received yet. They load by themselves when the network is back.</p>
    </Empty>
  );
}
