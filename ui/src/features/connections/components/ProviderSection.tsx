import { Link } from '@tanstack/react-router';
import { KeyRound, Megaphone, Search, Store, Wrench } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { ConnectionCard as Card, ConnectableProvider, ProviderName } from '@/api/contract.ts';
import { useNow } from '@/components/useNow.ts';
import { formatAge } from '@/format/dates.ts';
import { secondsSince } from '../states.ts';
import { ConnectButton } from './ConnectButton.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';

const ICONS: Record<ProviderName, typeof Store> = {
  meta: Megaphone,
  google: Search,
  shopify: Store,
};

const MEANINGS: Record<ProviderName, string> = {
  meta: 'Spend, clicks and purchases of Facebook and Instagram ads.',
  google: 'Spend, clicks and conversions of Google ads.',
  shopify: 'Orders, refunds and products of a shop: what was really earned.',
};

interface Props {
  provider: ConnectableProvider;
  cards: readonly Card[];
  zone: string;
  acting: boolean;
  /** Its accounts are being chosen, above. */
  choosing: boolean;
}

/** A platform: what is connected of it, what is under way, what can be connected. */
export function ProviderSection({ provider, cards, zone, acting, choosing }: Props) {
  const id = useId();
  const Icon = ICONS[provider.provider];
  const connects = acting && provider.is_configured;
  return (
    <section aria-labelledby={id} data-provider={provider.provider}>
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent">
          <Icon aria-hidden="true" size={18} />
        </span>
        <div className="min-w-52 flex-1">
          <h2 id={id} className="font-semibold text-[16px] leading-6">
            {provider.label}
          </h2>
          <p className="text-[12.5px] text-muted">{MEANINGS[provider.provider]}</p>
        </div>
        {connects && cards.length > 0 && <ConnectButton provider={provider} another />}
      </header>
      <div className="flex flex-col gap-3">
        {provider.pending && (
          <Pending
            provider={provider}
            since={provider.pending.since}
            acting={acting && !choosing}
          />
        )}
        {!provider.is_configured && (
          <Note icon={<Wrench aria-hidden="true" size={16} />}>
            <p className="font-medium text-ink">Not set up here</p>
            <p>
              Whoever runs metricx has to register an app with {provider.label}, and give metricx
              its id and secret. Then it can be connected.
            </p>
          </Note>
        )}
        {provider.is_configured && cards.length === 0 && !provider.pending && (
          <div className="flex flex-col items-start gap-3 rounded-xl border border-line-strong border-dashed px-4 py-4 text-[13px] text-soft sm:flex-row sm:items-center sm:justify-between sm:px-5">
            <p>
              <span className="font-medium text-ink">Never connected.</span>{' '}
              {provider.is_read
                ? 'You choose the accounts after you have agreed.'
                : `It can be connected; this version reads no figures of ${provider.label} yet.`}
            </p>
            {connects && <ConnectButton provider={provider} another={false} />}
          </div>
        )}
        {cards.length > 0 && (
          <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2">
            {cards.map((card) => (
              <li key={card.id} className="flex min-w-0 *:flex-1">
                <ConnectionCard card={card} platform={provider.label} zone={zone} acting={acting} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

interface PendingProps {
  provider: ConnectableProvider;
  since: string;
  acting: boolean;
}

/** Leave was given, and nothing chosen yet. */
function Pending({ provider, since, acting }: PendingProps) {
  const now = useNow(10_000);
  const { label, pending } = provider;
  return (
    <Note icon={<KeyRound aria-hidden="true" size={16} />}>
      <p className="font-medium text-ink">Authorising: no account is chosen yet</p>
      <p>
        {label} gave its leave {formatAge(secondsSince(since, now))}. Unless accounts are chosen
        within a day, it expires by itself, and nothing is read.
      </p>
      {acting && pending && (
        <Link
          to="/connections"
          search={{ consent: pending.consent, provider: provider.provider }}
          className="mt-2 inline-flex h-9 items-center rounded-lg bg-accent px-3.5 font-medium text-accent-ink hover:brightness-110"
        >
          Choose accounts
        </Link>
      )}
    </Note>
  );
}

function Note({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="flex gap-3 rounded-xl border border-line bg-surface px-4 py-3.5 text-[13px] text-soft sm:px-5">
      <span className="mt-0.5 shrink-0 text-muted">{icon}</span>
      <div className="min-w-0">{children}</div>
    </div>
  );
}
