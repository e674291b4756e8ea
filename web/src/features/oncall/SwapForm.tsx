import { MultiSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { fromWallField, range, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { PersonName } from '@/ui/Person';
import type { Block } from './calendar';
import { useAskSwap } from './life';
import css from './Oncall.module.css';

function blockedBy(startMs: number | null, endMs: number | null, reason: string): string | null {
  if (startMs === null || endMs === null) return 'Both times are needed.';
  if (endMs <= startMs) return 'The end is before the start.';
  return reason.trim() ? null : 'A reason is needed.';
}

/** Asks others to take a shift; nothing changes until somebody does. */
export function SwapForm({ block, onClose }: { block: Block; onClose: () => void }) {
  const zone = useZone();
  const ask = useAskSwap();
  const [start, setStart] = useState(() => toWallField(block.startMs, zone));
  const [end, setEnd] = useState(() => toWallField(block.endMs, zone));
  const [asked, setAsked] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const people = (useOrganisation().data?.people ?? []).filter(
    (person) => person.id !== block.personId && !person.external,
  );
  const [startMs, endMs] = [fromWallField(start, zone), fromWallField(end, zone)];
  const at = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());
  const send = () => {
    if (!block.scheduleId || startMs === null || endMs === null) return;
    const span = { start_us: startMs * 1000, end_us: endMs * 1000 };
    const body = { person_id: block.personId, ...span, people: asked, reason };
    ask.mutate({ schedule: block.scheduleId, body }, { onSuccess: onClose });
  };
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Ask for cover"
      submit="Ask"
      onSubmit={send}
      pending={ask.isPending}
      error={ask.error}
      blocked={blockedBy(startMs, endMs, reason)}
      command={cli('swap ask', [block.scheduleId ?? 'SCHEDULE'], {
        person: block.personId,
        from: at(startMs),
        until: at(endMs),
        ask: asked,
        reason,
      })}
    >
      <p className="row">
        <PersonName id={block.personId} name={block.name} you />
        <span className="soft small">{range(block.startMs, block.endMs, zone)}</span>
      </p>
      <div className={css.times}>
        <TextInput
          type="datetime-local"
          label={`From, ${zone}`}
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="To"
          value={end}
          onChange={(event) => setEnd(event.currentTarget.value)}
        />
      </div>
      <MultiSelect
        label="Who is asked"
        placeholder={asked.length === 0 ? 'Everybody who takes turns on this schedule' : undefined}
        searchable
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        value={asked}
        onChange={setAsked}
      />
      <TextInput
        label="Reason"
        placeholder="Leave, training, a wedding"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormModal>
  );
}
