import { Checkbox, SegmentedControl, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Incident } from '@/api/types';
import { usePolicy } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { severities, severity, severityWords } from '@/ui/severity';
import { useAct } from '../actions';
import { dispositionOf, dispositions } from '../model';
import { changesOf, type Draft, draftOf, engages } from './classify';
import { Facts } from './Facts';
import css from './forms.module.css';

interface Props {
  incident: Incident;
  opened: boolean;
  onClose: () => void;
}

function Flags({ draft, set }: { draft: Draft; set: (part: Partial<Draft>) => void }) {
  return (
    <div className={css.checks}>
      <Checkbox
        label="Customer-facing"
        checked={draft.customer_facing}
        onChange={(event) => set({ customer_facing: event.currentTarget.checked })}
      />
      <Checkbox
        label="Company-wide"
        checked={draft.company_wide}
        onChange={(event) => set({ company_wide: event.currentTarget.checked })}
      />
      <Checkbox
        label="Contained"
        checked={draft.contained}
        onChange={(event) => set({ contained: event.currentTarget.checked })}
      />
    </div>
  );
}

export function ClassifyForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const [draft, setDraft] = useState<Draft>(() => draftOf(incident));
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const policy = usePolicy(incident.policy);
  const body = changesOf(incident, draft);
  const command = cli('incident classify', [incident.reference], {
    severity: body.severity,
    'customer-facing': body.customer_facing,
    'company-wide': body.company_wide,
    contained: body.contained,
    disposition: body.disposition,
    fact: Object.entries(body.facts ?? {}).map(([name, value]) => `${name}=${value}`),
    reason: body.reason,
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Classify ${incident.reference}`}
      submit="Classify"
      pending={act.isPending}
      error={act.error}
      command={command}
      blocked={Object.keys(body).length === 0 ? 'Nothing is changed yet.' : null}
      onSubmit={() => act.mutate({ verb: 'classify', body }, { onSuccess: onClose })}
    >
      <div>
        <SegmentedControl
          fullWidth
          aria-label="Severity"
          data={severities.map((value) => ({ value, label: value.toUpperCase() }))}
          value={draft.severity}
          onChange={(value) => set({ severity: severity(value) })}
          data-autofocus
        />
        <p className={css.hint}>
          {severityWords[draft.severity]}. {engages(draft, policy)}
        </p>
      </div>
      <Flags draft={draft} set={set} />
      <Facts policy={policy} facts={draft.facts} onChange={(facts) => set({ facts })} />
      <Select
        label="Disposition"
        placeholder="Not judged yet"
        data={dispositions.map(({ value, label }) => ({ value, label }))}
        value={draft.disposition}
        onChange={(value) => set({ disposition: dispositionOf(value) })}
      />
      <Textarea
        label="Reason"
        description="One sentence. It stands in the timeline and in the executive brief."
        autosize
        minRows={2}
        value={draft.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
    </FormModal>
  );
}
