import { Button, Checkbox, MultiSelect, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { Organisation } from '@/api/types';
import { useIntegrations } from '@/features/integration/api';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/Person';
import { commandOf, type Fields } from './form';
import css from './WhatIf.module.css';

interface Props {
  fields: Fields;
  organisation: Organisation | undefined;
  set: (part: Partial<Fields>) => void;
}

const severities = [
  { value: '', label: 'As routed' },
  ...['sev1', 'sev2', 'sev3', 'sev4'].map((value) => ({ value, label: value.toUpperCase() })),
];
const senders = [
  { value: 'critical', label: 'Critical' },
  { value: 'error', label: 'Error' },
  { value: 'warning', label: 'Warning' },
  { value: 'info', label: 'Info' },
];
const reactions = [
  { value: '0', label: 'At once' },
  { value: '60', label: 'After 1 min' },
  { value: '120', label: 'After 2 min' },
  { value: '300', label: 'After 5 min' },
  { value: '600', label: 'After 10 min' },
];
const channels = [
  { value: 'email', label: 'Mail' },
  { value: 'ntfy', label: 'Push (ntfy)' },
  { value: 'slack', label: 'Chat (Slack)' },
  { value: 'telegram', label: 'Telegram' },
  { value: 'discord', label: 'Discord' },
  { value: 'mattermost', label: 'Mattermost' },
  { value: 'teams', label: 'Microsoft Teams' },
  { value: 'pushover', label: 'Push (Pushover)' },
  { value: 'sms', label: 'Text message' },
  { value: 'webhook', label: 'Webhook' },
  { value: 'mailbox', label: 'Mailbox' },
];

function When({ fields, set }: Pick<Props, 'fields' | 'set'>) {
  const zone = useZone();
  return (
    <div className={css.when}>
      <TextInput
        type="datetime-local"
        label={`Alert at, ${zone}`}
        value={toWallField(fields.atMs ?? serverNow(), zone)}
        onChange={(event) => set({ atMs: fromWallField(event.currentTarget.value, zone) })}
      />
      <Button onClick={() => set({ atMs: null })} disabled={fields.atMs === null}>
        Now
      </Button>
    </div>
  );
}

function Alert({ fields, set }: Pick<Props, 'fields' | 'set'>) {
  const integrations = useIntegrations().data?.items ?? [];
  return (
    <>
      <div className={css.pair}>
        <Select
          label="From"
          placeholder="Any source"
          clearable
          clearButtonProps={{ 'aria-label': 'Any source' }}
          data={integrations.map(({ id, name }) => ({ value: id, label: name }))}
          value={fields.integration}
          onChange={(integration) => set({ integration })}
        />
        <Select
          label="The sender says"
          placeholder="Its default"
          clearable
          clearButtonProps={{ 'aria-label': 'Its default' }}
          data={senders}
          value={fields.alertSeverity}
          onChange={(alertSeverity) => set({ alertSeverity })}
        />
      </div>
      <TextInput
        label="Labels"
        placeholder="account=prod, type=Backdoor"
        value={fields.labels}
        onChange={(event) => set({ labels: event.currentTarget.value })}
      />
      <SegmentedControl
        fullWidth
        aria-label="Severity of the incident"
        data={severities}
        value={fields.severity ?? ''}
        onChange={(severity) => set({ severity: severity || null })}
      />
      <div className="row">
        <Checkbox
          label="Customer-facing"
          checked={fields.customerFacing}
          onChange={(event) => set({ customerFacing: event.currentTarget.checked })}
        />
        <Checkbox
          label="Company-wide"
          checked={fields.companyWide}
          onChange={(event) => set({ companyWide: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

/** One toggle for each person: on means that they do not answer. */
function Silent({ fields, organisation, set }: Props) {
  const toggle = (id: string) => {
    const others = fields.silent.filter((each) => each !== id);
    set({ silent: others.length < fields.silent.length ? others : [...fields.silent, id] });
  };
  return (
    <fieldset className={css.people}>
      <legend>These people do not answer</legend>
      {(organisation?.people ?? []).map((person) => (
        <button
          key={person.id}
          type="button"
          className={css.person}
          aria-pressed={fields.silent.includes(person.id)}
          onClick={() => toggle(person.id)}
        >
          <PersonName id={person.id} name={person.name} size={18} short />
        </button>
      ))}
    </fieldset>
  );
}

/** The alert, and who would not answer it. */
export function Form({ fields, organisation, set }: Props) {
  const people = (organisation?.people ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const policies = organisation?.policies ?? [];
  return (
    <Panel title="What if" padded>
      <div className={css.form}>
        <When fields={fields} set={set} />
        <Alert fields={fields} set={set} />
        {policies.length > 1 && (
          <Select
            label="Policy"
            placeholder="As routed"
            clearable
            clearButtonProps={{ 'aria-label': 'As routed' }}
            data={policies.map(({ name }) => name)}
            value={fields.policy}
            onChange={(policy) => set({ policy })}
          />
        )}
        <Silent fields={fields} organisation={organisation} set={set} />
        <MultiSelect
          label="Away, with deputies for their roles"
          data={people}
          searchable
          value={[...fields.absent]}
          onChange={(absent) => set({ absent })}
        />
        <div className={css.pair}>
          <MultiSelect
            label="Channels that are down"
            data={channels}
            value={[...fields.down]}
            onChange={(down) => set({ down })}
          />
          <Select
            label="Everybody else answers"
            data={reactions}
            allowDeselect={false}
            value={String(fields.reactionS)}
            onChange={(value) => set({ reactionS: Number(value ?? 0) })}
          />
        </div>
        <CliLine command={commandOf(fields)} />
      </div>
    </Panel>
  );
}
