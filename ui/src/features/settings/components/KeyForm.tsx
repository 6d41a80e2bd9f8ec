import { type FormEvent, useState } from 'react';
import type { Scope } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { CopyOnce } from '@/components/ui/CopyOnce.tsx';
import { Dialog } from '@/components/ui/Dialog.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SelectField } from '@/components/ui/SelectField.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useMakeKey } from '../api/keys.ts';
import { expiryAfter, LIVES } from '../expiry.ts';

const SCOPES: { scope: Scope; label: string; note: string }[] = [
  { scope: 'read', label: 'Read', note: 'Figures, connections and members.' },
  {
    scope: 'connections',
    label: 'Manage connections',
    note: 'Read, and also pause, resume, sync, rename and disconnect.',
  },
];

/** Makes a key, which is shown this once. */
export function KeyForm() {
  const make = useMakeKey();
  const problem = make.error ? asProblem(make.error) : null;
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  const made = make.data;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    make.mutate(
      {
        name: String(data.get('name')).trim(),
        scopes: [...scopes],
        expires_at: expiryAfter(String(data.get('life')), Date.now()),
      },
      { onSuccess: () => form.reset() },
    );
  };
  const toggle = (scope: Scope) =>
    setScopes(
      scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope],
    );
  return (
    <form onSubmit={submit} className="px-4 pt-1 pb-4 sm:px-5">
      <FormProblem problem={problem} />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <Field
          label="Name"
          name="name"
          placeholder="What uses it"
          autoComplete="off"
          maxLength={80}
          required
        />
        <SelectField label="Ends" name="life" defaultValue="90">
          {LIVES.map(([days, label]) => (
            <option key={days} value={days}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      <fieldset className="mt-4">
        <legend className="font-medium text-[13px]">It may</legend>
        <div className="mt-1 flex flex-col gap-1">
          {SCOPES.map(({ scope, label, note }) => (
            <label key={scope} className="flex items-start gap-2.5 py-1 text-[13px]">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={() => toggle(scope)}
                className="size-5 shrink-0 accent-accent"
              />
              <span>
                {label} <span className="text-muted">· {note}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <SubmitButton
        label="Make a key"
        busy="Making it…"
        pending={make.isPending}
        problem={problem}
        disabled={scopes.length === 0}
        className="mt-4"
      />
      <Dialog
        title={made ? `The key ${made.api_key.name}` : 'The key'}
        open={made !== undefined}
        onClose={make.reset}
      >
        {made && (
          <CopyOnce
            label="API key"
            text={made.key}
            note="It is shown this once: metricx keeps only its digest. Send it as Authorization: Bearer."
          />
        )}
        <div className="mt-4 flex justify-end">
          <Button onClick={make.reset}>Done</Button>
        </div>
      </Dialog>
    </form>
  );
}
