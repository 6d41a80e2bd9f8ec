import { type FormEvent, useId, useState } from 'react';
import type { AdAccount, ConnectableProvider } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { cx } from '@/components/ui/classes.ts';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useConnectAccounts } from '../api/connections.ts';
import { chosenAtFirst, connectLabel, isFree } from '../choice.ts';

interface Props {
  provider: ConnectableProvider;
  consent: string;
  accounts: readonly AdAccount[];
  onConnected: (labels: string[]) => void;
  onLeave: () => void;
}

/** Above this many, one searches instead of reading. */
const MANY = 8;

export function AccountList({ provider, consent, accounts, onConnected, onLeave }: Props) {
  const connect = useConnectAccounts(provider.provider, consent);
  const problem = connect.error ? asProblem(connect.error) : null;
  const [chosen, setChosen] = useState(() => chosenAtFirst(accounts));
  const [wanted, setWanted] = useState('');
  const toggle = (id: string) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const words = wanted.trim().toLowerCase();
  const shown = accounts.filter(({ name, account_id }) =>
    `${name} ${account_id}`.toLowerCase().includes(words),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate([...chosen], {
      onSuccess: ({ connections }) => onConnected(connections.map(({ label }) => label)),
    });
  };
  if (accounts.length === 0)
    return (
      <div className="flex flex-col items-start gap-3 px-4 pt-2 pb-4 text-[13px] text-soft sm:px-5">
        <p>
          {provider.label} named no account that you may read. Ask whoever owns the account there to
          give you access, then connect once more.
        </p>
        <Button onClick={onLeave}>Close</Button>
      </div>
    );
  return (
    <form onSubmit={submit} className="px-4 pt-2 pb-4 sm:px-5">
      <FormProblem problem={problem} />
      {accounts.length > MANY && (
        <div className="mb-3 max-w-sm">
          <Field
            label="Search by name or number"
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </div>
      )}
      <fieldset>
        <legend className="sr-only">Accounts</legend>
        <ul className="max-h-96 divide-y divide-line overflow-y-auto rounded-lg border border-line">
          {shown.map((account) => (
            <Account
              key={account.account_id}
              account={account}
              chosen={chosen.has(account.account_id)}
              onToggle={() => toggle(account.account_id)}
            />
          ))}
          {shown.length === 0 && (
            <li className="px-3.5 py-3 text-[13px] text-muted">No account is called that.</li>
          )}
        </ul>
      </fieldset>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <SubmitButton
          label={connectLabel(chosen.size)}
          busy="Connecting…"
          pending={connect.isPending}
          problem={problem}
          disabled={chosen.size === 0}
        />
        <Button look="quiet" onClick={onLeave}>
          Not now
        </Button>
      </div>
    </form>
  );
}

interface AccountProps {
  account: AdAccount;
  chosen: boolean;
  onToggle: () => void;
}

function Account({ account, chosen, onToggle }: AccountProps) {
  const id = useId();
  const free = isFree(account);
  const about = [account.account_id, account.currency, account.zone].filter(Boolean).join(' · ');
  return (
    <li>
      <label
        className={cx(
          'flex items-start gap-3 px-3.5 py-2.5',
          free ? 'cursor-pointer hover:bg-hover' : 'text-muted',
        )}
      >
        <input
          type="checkbox"
          checked={chosen || account.connection_id !== null}
          disabled={!free}
          onChange={onToggle}
          aria-labelledby={`${id}-name`}
          aria-describedby={`${id}-about`}
          className="mt-1 size-5 shrink-0 accent-accent"
        />
        <span className="min-w-0 flex-1 text-[13.5px]">
          <span id={`${id}-name`} className={cx('block font-medium', free && 'text-ink')}>
            {account.name}
          </span>
          <span id={`${id}-about`}>
            <span className="figures block text-[12.5px] text-muted">{about}</span>
            {!account.is_open && (
              <span className="block text-[12.5px] text-warn">
                Cannot be read: {account.why_closed ?? 'the platform has closed it'}
              </span>
            )}
          </span>
        </span>
        {account.connection_id && (
          <span className="shrink-0 rounded-full bg-good-soft px-2 py-0.5 text-[12px] text-good">
            Connected
          </span>
        )}
      </label>
    </li>
  );
}
