import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useMemo, useState } from 'react';
import type { WeekStart, WorkspaceDetails } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { Panel } from '@/components/ui/Panel.tsx';
import { Part } from '@/components/ui/Part.tsx';
import { SelectField } from '@/components/ui/SelectField.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { usePartView } from '@/components/view.ts';
import { useMe } from '@/features/session/api/me.ts';
import { may, whoMay } from '@/features/session/may.ts';
import { formatDate } from '@/format/dates.ts';
import { useUpdateWorkspace, workspaceOptions } from '../api/workspace.ts';
import { currenciesWith } from '../zones.ts';
import { Saved } from './Saved.tsx';
import { ZoneField } from './ZoneField.tsx';

export function WorkspaceSection() {
  const { workspace } = useMe();
  // Held here, for what is saved makes the form anew.
  const update = useUpdateWorkspace();
  const view = usePartView(useQuery(workspaceOptions(workspace.id)));
  return (
    <Panel title="Workspace" note="Its name, and what “today”, a week and money mean in it.">
      <Part view={view} what="These settings are">
        {(details) => (
          <WorkspaceForm
            key={[details.name, details.zone, details.currency, details.week_start].join()}
            details={details}
            update={update}
            acting={may(workspace.role, 'edit-workspace')}
          />
        )}
      </Part>
    </Panel>
  );
}

const WEEK_STARTS: Record<WeekStart, string> = {
  monday: 'Monday',
  saturday: 'Saturday',
  sunday: 'Sunday',
};

interface Props {
  details: WorkspaceDetails;
  update: ReturnType<typeof useUpdateWorkspace>;
  acting: boolean;
}

function WorkspaceForm({ details, update, acting }: Props) {
  const problem = update.error ? asProblem(update.error) : null;
  const [zone, setZone] = useState(details.zone);
  const currencies = useMemo(() => currenciesWith(details.currency), [details.currency]);
  const note = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = {
      name: String(form.get('name')).trim(),
      zone,
      currency: String(form.get('currency')),
      week_start: String(form.get('week_start')) as WeekStart,
    };
    const other = Object.entries(given).filter(
      ([field, value]) => value !== details[field as keyof typeof given],
    );
    if (other.length > 0) update.mutate(Object.fromEntries(other));
  };
  return (
    <form onSubmit={submit} aria-describedby={note} className="px-4 pt-2 pb-5 sm:px-5">
      <FormProblem problem={problem} />
      <div className="grid max-w-2xl grid-cols-1 gap-4 sm:grid-cols-2">
        <div className="sm:col-span-2">
          <Field
            label="Name"
            name="name"
            defaultValue={details.name}
            maxLength={80}
            disabled={!acting}
            required
          />
        </div>
        <div className="sm:col-span-2">
          <ZoneField value={zone} onChange={setZone} disabled={!acting} />
        </div>
        <SelectField
          label="Currency"
          name="currency"
          defaultValue={details.currency}
          disabled={!acting}
        >
          {currencies.map(([code, label]) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="First day of the week"
          name="week_start"
          defaultValue={details.week_start}
          disabled={!acting}
        >
          {Object.entries(WEEK_STARTS).map(([day, label]) => (
            <option key={day} value={day}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-3">
        {acting && (
          <SubmitButton label="Save" busy="Saving…" pending={update.isPending} problem={problem} />
        )}
        <Saved>{update.isSuccess && 'Saved.'}</Saved>
      </div>
      <p id={note} className="mt-3 text-[12.5px] text-muted">
        {acting ? '' : `${whoMay('edit-workspace')} change these. `}
        Made on {formatDate(details.created_at, details.zone)}.
      </p>
    </form>
  );
}
