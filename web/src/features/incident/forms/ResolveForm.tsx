import { Radio, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Disposition, Incident } from '@/api/types';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { useAct } from '../actions';
import { dispositionOf, dispositions } from '../model';
import css from './forms.module.css';

interface Props {
  incident: Incident;
  opened: boolean;
  onClose: () => void;
}

/** Closing needs a judgement: what was it? */
export function ResolveForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const [disposition, setDisposition] = useState<Disposition | null>(incident.disposition ?? null);
  const [reason, setReason] = useState('');
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Resolve ${incident.reference}`}
      submit="Resolve"
      pending={act.isPending}
      error={act.error}
      command={cli('incident resolve', [incident.reference], { disposition, reason })}
      blocked={disposition ? null : 'Say what it was.'}
      onSubmit={() =>
        disposition &&
        act.mutate({ verb: 'resolve', disposition, reason: reason || undefined }, { onSuccess: onClose })
      }
    >
      <Radio.Group
        label="What was it?"
        value={disposition ?? ''}
        onChange={(value) => setDisposition(dispositionOf(value))}
      >
        <div className={css.checks}>
          {dispositions.map(({ value, label }, at) => (
            <Radio key={value} value={value} label={label} data-autofocus={at === 0 || undefined} />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        label="Reason"
        description="What was found and what was done."
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {incident.alerts_open > 0 && (
        <p className="soft small">Alerts of it that are still open: {incident.alerts_open}.</p>
      )}
    </FormModal>
  );
}
