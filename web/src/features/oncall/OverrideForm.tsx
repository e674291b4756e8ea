import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Schedule } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { useAddOverride } from './api';
import css from './Oncall.module.css';
import { blockedBy, bodyOf, type Fields, type OverrideDraft, type OverrideKind } from './override';

const HOUR = 3_600_000;

const kinds = [
  { value: 'replace', label: 'Replace' },
  { value: 'add', label: 'Add' },
  { value: 'remove', label: 'Take off' },
];

function useFields(draft: OverrideDraft, schedules: readonly Schedule[], zone: string) {
  const now = Math.ceil(serverNow() / HOUR) * HOUR;
  return useState<Fields>(() => ({
    kind: draft.kind,
    schedule: draft.scheduleId ?? schedules[0]?.id ?? null,
    person: draft.personId ?? null,
    by: null,
    start: toWallField(draft.startMs ?? now, zone),
    end: toWallField(draft.endMs ?? now + 8 * HOUR, zone),
    reason: '',
  }));
}

interface Props {
  draft: OverrideDraft;
  schedules: readonly Schedule[];
  onClose: () => void;
}

export function OverrideForm({ draft, schedules, onClose }: Props) {
  const zone = useZone();
  const add = useAddOverride();
  const [fields, setFields] = useFields(draft, schedules, zone);
  const people = (useOrganisation().data?.people ?? []).map(({ id, name, title }) => ({
    value: id,
    label: `${name}, ${title}`,
  }));
  const set = (part: Partial<Fields>) => setFields((old) => ({ ...old, ...part }));
  const startMs = fromWallField(fields.start, zone);
  const endMs = fromWallField(fields.end, zone);
  const blocked = blockedBy(fields, startMs, endMs);
  const at = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());
  const send = () => {
    if (!fields.schedule || startMs === null || endMs === null) return;
    add.mutate({ schedule: fields.schedule, body: bodyOf(fields, startMs, endMs) }, { onSuccess: onClose });
  };
  return (
    <FormModal
      opened
      onClose={onClose}
      title={fields.kind === 'add' ? 'Find cover' : 'Override a shift'}
      submit="Override"
      pending={add.isPending}
      error={add.error}
      command={cli('override add', [fields.schedule ?? 'SCHEDULE'], {
        kind: fields.kind,
        person: fields.kind === 'add' ? fields.by : fields.person,
        by: fields.kind === 'replace' ? fields.by : undefined,
        from: at(startMs),
        until: at(endMs),
        reason: fields.reason,
      })}
      blocked={blocked}
      onSubmit={send}
    >
      <SegmentedControl
        fullWidth
        aria-label="Kind"
        data={kinds}
        value={fields.kind}
        onChange={(kind) => set({ kind: kind as OverrideKind })}
      />
      <Select
        label="Schedule"
        data={schedules.map(({ id, name }) => ({ value: id, label: name }))}
        value={fields.schedule}
        onChange={(schedule) => set({ schedule })}
        allowDeselect={false}
      />
      {fields.kind !== 'add' && (
        <Select
          label="Taken off"
          searchable
          data={people}
          value={fields.person}
          onChange={(person) => set({ person })}
        />
      )}
      {fields.kind !== 'remove' && (
        <Select label="Takes it" searchable data={people} value={fields.by} onChange={(by) => set({ by })} />
      )}
      <div className={css.times}>
        <TextInput
          type="datetime-local"
          label={`From, ${zone}`}
          value={fields.start}
          onChange={(event) => set({ start: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={`To, ${zone}`}
          value={fields.end}
          onChange={(event) => set({ end: event.currentTarget.value })}
        />
      </div>
      <TextInput
        label="Reason"
        placeholder="Leave, training, swap"
        value={fields.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
    </FormModal>
  );
}
