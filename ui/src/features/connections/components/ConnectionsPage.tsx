import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plug } from 'lucide-react';
import { useState } from 'react';
import type { ConnectionList } from '@/api/contract.ts';
import { PageHead } from '@/components/PageHead.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { usePartView } from '@/components/view.ts';
import { LiveDot } from '@/features/live/components/LiveDot.tsx';
import { useMe } from '@/features/session/api/me.ts';
import { may, whoMay } from '@/features/session/may.ts';
import { useConnections } from '../api/connections.ts';
import { endingOf } from '../endings.ts';
import { AccountChoice } from './AccountChoice.tsx';
import { ConnectionsSkeleton } from './ConnectionsSkeleton.tsx';
import { Outcome } from './Outcome.tsx';
import { ProviderSection } from './ProviderSection.tsx';

/** What metricx reads, how that does, and how to connect more. */
export function ConnectionsPage() {
  const { workspace } = useMe();
  const query = useConnections();
  const view = usePartView(query);
  return (
    <>
      <PageHead
        title="Connections"
        place={workspace.name}
        refetching={query.isFetching && query.data !== undefined}
      >
        <LiveDot />
      </PageHead>
      <div
        className="mx-auto w-full max-w-300 px-3 py-4 sm:px-5 sm:py-6 lg:px-7"
        data-state={view.state}
      >
        <Part view={view} what="These states are" skeleton={<ConnectionsSkeleton />}>
          {(list) => <Connections list={list} />}
        </Part>
      </div>
    </>
  );
}

function Connections({ list: { providers, connections } }: { list: ConnectionList }) {
  const { workspace } = useMe();
  const search = useSearch({ from: '/signed-in/connections' });
  const navigate = useNavigate();
  const [connected, setConnected] = useState<string[] | null>(null);
  const acting = may(workspace.role, 'manage-connections');
  const chosen = providers.find(({ provider }) => provider === search.provider);
  const isNothingBegun =
    connections.length === 0 && !search.consent && !providers.some(({ pending }) => pending);
  const plain = () => void navigate({ to: '/connections', search: {}, replace: true });
  const close = () => {
    setConnected(null);
    plain();
  };
  return (
    <div className="flex flex-col gap-8">
      {connected && (
        <Outcome
          key={connected.join()}
          good
          title={`Connected: ${connected.join(', ')}`}
          text="Reading begins within a minute, the newest days first."
          onClose={close}
        />
      )}
      {search.problem && (
        <Outcome
          key={search.problem}
          good={false}
          {...wordsOf(endingOf(search.problem, chosen?.label))}
          onClose={close}
        />
      )}
      {search.reconnected && (
        <Outcome
          key={search.reconnected}
          good
          title={`${connections.find(({ id }) => id === search.reconnected)?.label ?? 'The account'} is connected again`}
          text="Its history was kept. Reading goes on where it stopped."
          onClose={close}
        />
      )}
      {search.consent && chosen && acting && (
        <AccountChoice
          key={search.consent}
          provider={chosen}
          consent={search.consent}
          onConnected={(labels) => {
            setConnected(labels);
            plain();
          }}
          onLeave={close}
        />
      )}
      {isNothingBegun && <Beginning acting={acting} />}
      {!acting && connections.length > 0 && (
        <p className="text-[13px] text-muted">
          You are a viewer here. {whoMay('manage-connections')} connect, pause and disconnect
          accounts.
        </p>
      )}
      {providers.map((provider) => (
        <ProviderSection
          key={provider.provider}
          provider={provider}
          cards={connections.filter((card) => card.provider === provider.provider)}
          zone={workspace.zone}
          acting={acting}
          choosing={search.consent !== undefined && provider === chosen}
        />
      ))}
    </div>
  );
}

const wordsOf = ({ title, remedy }: { title: string; remedy: string }) => ({ title, text: remedy });

/** Nothing is connected; this is not a failure. */
function Beginning({ acting }: { acting: boolean }) {
  return (
    <section className="flex flex-col items-center gap-2 rounded-2xl border border-line bg-surface px-6 py-8 text-center text-soft shadow-card">
      <span className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Plug aria-hidden="true" size={22} />
      </span>
      <h2 className="font-semibold text-ink text-lg tracking-tight">Nothing is connected yet</h2>
      <p className="max-w-lg text-balance">
        {acting
          ? 'Connect an ad account: you agree on the platform’s own page, choose the accounts, and the last 90 days are read within minutes. metricx only reads.'
          : `${whoMay('manage-connections')} of this workspace connect accounts; ask one of them.`}
      </p>
    </section>
  );
}
