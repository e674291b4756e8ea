import { Button, JsonInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Integration, Mapping, MappingTried } from '@/api/types';
import { AlertSeverity } from '@/features/alert/AlertSeverity';
import { useKeys } from '@/lib/keys';
import { Kbd } from '@/ui/Kbd';
import { Panel } from '@/ui/Panel';
import { usePatchIntegration, useTryMapping } from './api';
import css from './Integration.module.css';
import { draftOf, type MappingDraft, mappingFields, mappingOf, starter } from './mapping';
import { pretty } from './SignalBody';

const example = {
  title: 'Root console sign-in without MFA',
  severity: 'critical',
  id: 'root-signin-1',
  account: '222233334444',
};

interface FieldsProps {
  draft: MappingDraft;
  onChange: (draft: MappingDraft) => void;
  tried: MappingTried | undefined;
}

/** One line per field: its expression, and beside it the value that it gave on the example. */
function Fields({ draft, onChange, tried }: FieldsProps) {
  const given = (name: string) => {
    const value = tried?.values[name];
    return value === undefined || value === null
      ? undefined
      : `= ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  };
  return (
    <div className={css.fields}>
      {mappingFields.map(({ name, label, hint }) => (
        <TextInput
          key={name}
          label={label}
          value={draft.fields[name]}
          onChange={(event) =>
            onChange({ ...draft, fields: { ...draft.fields, [name]: event.currentTarget.value } })
          }
          error={tried?.error?.field === name ? tried.error.message : undefined}
          description={given(name) ?? hint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
      ))}
      <Textarea
        label="Labels"
        placeholder={'account: body.account\nregion: body.region'}
        autosize
        minRows={2}
        value={draft.labels}
        onChange={(event) => onChange({ ...draft, labels: event.currentTarget.value })}
        error={tried?.error?.field?.startsWith('labels') ? tried.error.message : undefined}
      />
      <Textarea
        label="Links"
        placeholder="Finding: body.html_url"
        autosize
        minRows={1}
        value={draft.links}
        onChange={(event) => onChange({ ...draft, links: event.currentTarget.value })}
        error={tried?.error?.field?.startsWith('links') ? tried.error.message : undefined}
      />
    </div>
  );
}

function Verdict({ tried }: { tried: MappingTried }) {
  if (tried.error) {
    return (
      <p className={css.verdict} data-tone="bad" role="status">
        {tried.error.field && <code>{tried.error.field}: </code>}
        {tried.error.message}
      </p>
    );
  }
  if (tried.events.length === 0) {
    return (
      <p className={css.verdict} data-tone="warn" role="status">
        The body gives no event: it would be stored and ignored.
      </p>
    );
  }
  return (
    <ul className={css.verdict} data-tone="ok" role="status">
      {tried.events.map((event) => (
        <li key={`${event.action} ${event.dedup_key} ${event.title}`} className={css.event}>
          <span className="strong">{event.action}</span>
          <AlertSeverity severity={event.severity} />
          <span className="mid">{event.title}</span>
          <code className="soft">
            {event.dedup_key ?? 'key from the title'} {event.source}
          </code>
        </li>
      ))}
    </ul>
  );
}

/** A mapping is tried on a pasted body before it is saved: what would arrive, and each value. */
export function MappingTryOut({
  integration,
  sample,
  shipped,
}: {
  integration: Integration;
  sample: string | undefined;
  shipped: Mapping | undefined;
}) {
  const [draft, setDraft] = useState(() => draftOf(integration.mapping ?? shipped ?? starter));
  const [body, setBody] = useState<string | null>(null);
  const tryMapping = useTryMapping();
  const patch = usePatchIntegration(integration.id);
  const shownBody = body ?? (sample ? pretty(sample) : JSON.stringify(example, null, 2));
  const run = () => tryMapping.mutate({ mapping: mappingOf(draft), body: shownBody });
  const fromPack = integration.origin === 'pack' ? 'the mapping comes from the pack' : undefined;
  useKeys([{ keys: 'm', label: 'Try the mapping', group: 'Integrations', run }]);
  return (
    <Panel title="Mapping" count="CEL over body" padded right="Tried in the server, nothing is stored">
      <div className={css.tryout}>
        <JsonInput
          label="An example body"
          autosize
          minRows={12}
          maxRows={24}
          value={shownBody}
          onChange={setBody}
          validationError="This is not JSON."
        />
        <Fields draft={draft} onChange={setDraft} tried={tryMapping.data} />
      </div>
      {tryMapping.data && <Verdict tried={tryMapping.data} />}
      {(tryMapping.isError || patch.isError) && (
        <p className="bad small">{messageOf(tryMapping.error ?? patch.error)}</p>
      )}
      <div className={css.actions}>
        <Button size="bar" rightSection={<Kbd>m</Kbd>} loading={tryMapping.isPending} onClick={run}>
          Try
        </Button>
        <Button
          size="bar"
          variant="filled"
          loading={patch.isPending}
          disabled={Boolean(fromPack)}
          title={fromPack}
          onClick={() => patch.mutate({ mapping: mappingOf(draft) })}
        >
          Save the mapping
        </Button>
        {patch.isSuccess && <span className="ok small">Saved. Waiting signals can be replayed.</span>}
      </div>
    </Panel>
  );
}
