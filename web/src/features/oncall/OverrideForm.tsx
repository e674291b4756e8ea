import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Schedule } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { formatLength } from '@/lib/countdown';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { useAddOverride } from './api';
import { ChangePreview } from './ChangePreview';
import { CoverChoices } from './CoverChoices';
import { type Block, blocksOf } from './calendar';
import { candidatesFor, choicesFor } from './cover';
import { useAbsences } from './life';
import { loadsOf } from './load';
import css from './Oncall.module.css';
import {
  blockedBy,
  bodyOf,
  type Fields,
  incompleteBy,
  type OverrideDraft,
  type OverrideKind,
  previewOf,
} from './override';

const HOUR = 3_600_000;

const kinds = [
  { value: 'replace', label: 'Replace' },
  { value: 'add', label: 'Add' },
  { value: 'fixed', label: 'Only one' },
  { value: 'remove', label: 'Take off' },
];

const kindWords: Record<OverrideKind, string> = {
  replace: 'Somebody takes the place of one person.',
  add: 'One person more, beside whoever is on call.',
  fixed: 'One person takes all of it, whoever was on call.',
  remove: 'One person less.',
};

const titles: Record<OverrideKind, string> = {
  replace: 'Override a shift',
  add: 'Find cover',
  fixed: 'Override a stretch',
  remove: 'Take somebody off',
};

function useFields(draft: OverrideDraft, schedules: readonly Schedule[], zone: string) {
  const now = Math.ceil(serverNow() / HOUR) * HOUR;
  return useState<Fields>(() => ({
    kind: draft.kind,
    schedule: draft.scheduleId ?? schedules[0]?.id ?? null,
    person: draft.personId ?? null,
    by: draft.byId ?? null,
    start: toWallField(draft.startMs ?? now, zone),
    end: toWallField(draft.endMs ?? now + 8 * HOUR, zone),
    reason: draft.reason ?? '',
  }));
}

interface Props {
  draft: OverrideDraft;
  schedules: readonly Schedule[];
  /** The span that the calendar shows: loads and rest are counted in it. */
  fromMs: number;
  toMs: number;
  onClose: () => void;
  /** What the change mends, above the fields. */
  lead?: ReactNode;
}

function useCandidates(
  { schedules, fromMs, toMs }: Props,
  fields: Fields,
  startMs: number | null,
  endMs: number | null,
) {
  const zone = useZone();
  const people = useOrganisation().data?.people ?? [];
  const absences = useAbsences().data?.items ?? [];
  if (fields.kind === 'remove' || startMs === null || endMs === null || endMs <= startMs) return [];
  const own = schedules.find((schedule) => schedule.id === fields.schedule);
  const blocks: Block[] = schedules.flatMap(blocksOf);
  const loads = own ? loadsOf(blocksOf(own), fromMs, toMs, zone) : [];
  const around = { blocks, people, loads, absences, requires: own?.requires };
  const found = candidatesFor({ startMs, endMs }, around);
  return found.filter((candidate) => candidate.personId !== fields.person);
}

function Times({
  fields,
  set,
  lengthMs,
}: {
  fields: Fields;
  set: (part: Partial<Fields>) => void;
  lengthMs: number | null;
}) {
  const zone = useZone();
  return (
    <div className={css.times}>
      <TextInput
        type="datetime-local"
        label={`From, ${zone}`}
        value={fields.start}
        onChange={(event) => set({ start: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={lengthMs && lengthMs > 0 ? `To, ${formatLength(lengthMs / 1000)} later` : 'To'}
        value={fields.end}
        onChange={(event) => set({ end: event.currentTarget.value })}
      />
    </div>
  );
}

interface WhoProps {
  fields: Fields;
  set: (part: Partial<Fields>) => void;
  schedule: Schedule | undefined;
  stretch: { startMs: number; endMs: number } | null;
}

function Who({ fields, set, schedule, stretch }: WhoProps) {
  const people = useOrganisation().data?.people ?? [];
  const absences = useAbsences().data?.items ?? [];
  const takers = choicesFor(stretch, { people, absences, requires: schedule?.requires });
  const takesOff = fields.kind === 'replace' || fields.kind === 'remove';
  return (
    <>
      {takesOff && (
        <Select
          label="Taken off"
          searchable
          data={choicesFor(null, { people })}
          value={fields.person}
          onChange={(person) => set({ person })}
        />
      )}
      {fields.kind !== 'remove' && (
        <Select label="Takes it" searchable data={takers} value={fields.by} onChange={(by) => set({ by })} />
      )}
    </>
  );
}

function commandOf(fields: Fields, startMs: number | null, endMs: number | null): string {
  const at = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());
  const person = fields.kind === 'add' ? fields.by : fields.kind === 'fixed' ? undefined : fields.person;
  return cli('override add', [fields.schedule ?? 'SCHEDULE'], {
    kind: fields.kind,
    person,
    by: fields.kind === 'replace' ? fields.by : undefined,
    people: fields.kind === 'fixed' ? fields.by : undefined,
    from: at(startMs),
    until: at(endMs),
    reason: fields.reason,
  });
}

/** One change of a schedule for a while: who, when, why; and before it is saved, what it would mean. */
export function OverrideForm(props: Props) {
  const { draft, schedules, onClose, lead } = props;
  const zone = useZone();
  const add = useAddOverride();
  const [fields, setFields] = useFields(draft, schedules, zone);
  const set = (part: Partial<Fields>) => setFields((old) => ({ ...old, ...part }));
  const startMs = fromWallField(fields.start, zone);
  const endMs = fromWallField(fields.end, zone);
  const candidates = useCandidates(props, fields, startMs, endMs);
  const send = () => {
    if (!fields.schedule || startMs === null || endMs === null) return;
    add.mutate({ schedule: fields.schedule, body: bodyOf(fields, startMs, endMs) }, { onSuccess: onClose });
  };
  const complete = !incompleteBy(fields, startMs, endMs) && startMs !== null && endMs !== null;
  return (
    <FormModal
      opened
      onClose={onClose}
      title={titles[fields.kind]}
      size={560}
      submit="Override"
      pending={add.isPending}
      error={add.error}
      command={commandOf(fields, startMs, endMs)}
      blocked={blockedBy(fields, startMs, endMs)}
      onSubmit={send}
    >
      {lead}
      <div>
        <SegmentedControl
          fullWidth
          aria-label="Kind"
          data={kinds}
          value={fields.kind}
          onChange={(kind) => set({ kind: kind as OverrideKind })}
        />
        <p className="faint small">{kindWords[fields.kind]}</p>
      </div>
      <Select
        label="Schedule"
        data={schedules.map(({ id, name }) => ({ value: id, label: name }))}
        value={fields.schedule}
        onChange={(schedule) => set({ schedule })}
        allowDeselect={false}
      />
      <Times
        fields={fields}
        set={set}
        lengthMs={startMs !== null && endMs !== null ? endMs - startMs : null}
      />
      <Who
        fields={fields}
        set={set}
        schedule={schedules.find((each) => each.id === fields.schedule)}
        stretch={startMs !== null && endMs !== null ? { startMs, endMs } : null}
      />
      <CoverChoices candidates={candidates} chosen={fields.by} onChoose={(by) => set({ by })} />
      {complete && <ChangePreview change={{ override: previewOf(fields, startMs, endMs) }} />}
      <TextInput
        label="Reason"
        placeholder="Leave, training, swap"
        value={fields.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
    </FormModal>
  );
}
