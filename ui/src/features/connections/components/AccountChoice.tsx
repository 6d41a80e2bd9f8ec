import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ConnectableProvider } from '@/api/contract.ts';
import { Button } from '@/components/ui/Button.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { usePartView } from '@/components/view.ts';
import { adAccountsOptions } from '../api/connections.ts';
import { AccountList } from './AccountList.tsx';
import { ConnectButton } from './ConnectButton.tsx';

interface Props {
  provider: ConnectableProvider;
  consent: string;
  onConnected: (labels: string[]) => void;
  /** Leaves the choice for later: the consent stands until it expires. */
  onLeave: () => void;
}

/** After a consent: which of the accounts that it opens are to be read. */
export function AccountChoice({ provider, consent, onConnected, onLeave }: Props) {
  const view = usePartView(useQuery(adAccountsOptions(provider.provider, consent)));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const gone = view.state === 'failed' && view.problem.status === 404;
  return (
    <section
      aria-labelledby="choice"
      className="rounded-xl border border-accent/50 bg-surface shadow-card"
    >
      <header className="px-4 pt-4 pb-1 sm:px-5">
        <h2
          id="choice"
          ref={heading}
          tabIndex={-1}
          className="font-semibold text-[16px] outline-none"
        >
          Choose accounts of {provider.label}
        </h2>
        {!gone && (
          <p className="text-[13px] text-soft">
            {provider.label} gave its leave. Only the accounts chosen here are read.
          </p>
        )}
      </header>
      {gone ? (
        <div className="flex flex-col items-start gap-3 px-4 pt-2 pb-4 text-[13px] text-soft sm:px-5">
          <p>
            This consent is over: it expired, or accounts were chosen already. Go through it once
            more to choose others.
          </p>
          <div className="flex flex-wrap gap-2">
            <ConnectButton provider={provider} another={false} />
            <Button onClick={onLeave}>Close</Button>
          </div>
        </div>
      ) : (
        <Part view={view} what="This list is">
          {({ accounts }) => (
            <AccountList
              provider={provider}
              consent={consent}
              accounts={accounts}
              onConnected={onConnected}
              onLeave={onLeave}
            />
          )}
        </Part>
      )}
    </section>
  );
}
