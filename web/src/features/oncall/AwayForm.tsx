import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PreviewRequest, Schedule } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { count } from '@/lib/names';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, range, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { type Affected, affectedShifts } from './away';
import { ChangePreview } from './ChangePreview';
import { blocksOf } from './calendar';
import { choicesFor } from './cover';
import { useAbsences, useAddAbsence, useTakeOver } from './life';
import css from './Oncall.module.css';

const MINUTE = 60_000;
const DAY = 86_400_000;

interface Props {
  personId: string | null;
  /** Sick now: it begins this minute. */
  sick: boolean;
  schedules: readonly Schedule[];
  fromMs: number;
  toMs: number;
  onClose: () => void;
}

/** Who stands in for one shift; nobody chosen leaves it as an open request. */
function StandIn({
  shift,
  choices,
  chosen,
  onChoose,
}: {
  shift: Affected;
  choices: ReturnType<typeof choicesFor>;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const zone = useZone();
  return (
    <li className={css.standIn}>
      <div className="grow">
        <p className="mid small">{range(shift.startMs, shift.endMs, zone)}</p>
        <p className="soft caption">{shift.block.schedule}</p>
      </div>
      <Select
        aria-label={`Stands in, ${range(shift.startMs, shift.endMs, zone)}`}
        placeholder="Ask everybody"
        clearable
        searchable
        w={210}
        data={choices}
        value={chosen}
        onChange={onChoose}
      />
    </li>
  );
}

function useSpan(sick: boolean, zone: string) {
  const [now] = useState(() => Math.ceil(serverNow() / MINUTE) * MINUTE);
  const [start, setStart] = useState(() => toWallField(now, zone));
  const [end, setEnd] = useState(() => toWallField(now + (sick ? DAY : 7 * DAY), zone));
  return {
    start,
    setStart,
    end,
    setEnd,
    startMs: fromWallField(start, zone),
    endMs: fromWallField(end, zone),
  };
}

/** Hands over what somebody chose, one shift after the other, then enters the absence: the rest is asked for. */
function useAway() {
  const over = useTakeOver();
  const add = useAddAbsence();
  const run = async (
    person: string,
    span: { start_us: number; end_us: number },
    reason: string,
    given: Given[],
  ) => {
    for (const { shift, by } of given) {
      if (!shift.block.scheduleId) continue;
      const part = { start_us: shift.startMs * 1000, end_us: shift.endMs * 1000 };
      const body = { person_id: person, by_person_id: by, ...part, reason };
      await over.mutateAsync({ schedule: shift.block.scheduleId, body });
    }
    await add.mutateAsync({ person_id: person, ...span, reason });
  };
  return { run, pending: over.isPending || add.isPending, error: over.error ?? add.error };
}

interface Given {
  shift: Affected;
  by: string;
}

/** The same as a change to look at. */
function absenceOf(
  person: string,
  { startMs, endMs }: { startMs: number; endMs: number },
  given: readonly Given[],
): PreviewRequest {
  const standIns = given.flatMap(({ shift, by }) =>
    shift.block.scheduleId
      ? [
          {
            schedule_id: shift.block.scheduleId,
            by_person_id: by,
            start_us: shift.startMs * 1000,
            end_us: shift.endMs * 1000,
          },
        ]
      : [],
  );
  return {
    absence: {
      person_id: person,
      start_us: startMs * 1000,
      end_us: endMs * 1000,
      stand_ins: standIns,
    },
  };
}

/** Somebody is sick or will be away: who stands in for each of their shifts, in one go. */
export function AwayForm({ personId, sick, schedules, fromMs, toMs, onClose }: Props) {
  const zone = useZone();
  const away = useAway();
  const [person, setPerson] = useState(personId);
  const [reason, setReason] = useState(sick ? 'Sick' : '');
  const [picked, setPicked] = useState<Record<string, string | null>>({});
  const { start, setStart, end, setEnd, startMs, endMs } = useSpan(sick, zone);
  const people = (useOrganisation().data?.people ?? []).filter((each) => !each.external);
  const known = startMs !== null && endMs !== null && endMs > startMs;
  const blocks = schedules.flatMap(blocksOf);
  const absences = useAbsences().data?.items ?? [];
  const requiresOf = (id: string | null) => schedules.find((each) => each.id === id)?.requires ?? [];
  const shifts =
    person && known
      ? affectedShifts(person, startMs, endMs, { blocks, people, fromMs, toMs, zone, requiresOf, absences })
      : [];
  const chosenFor = (shift: Affected) => (shift.key in picked ? (picked[shift.key] ?? null) : shift.proposed);
  const given = shifts.flatMap((shift): Given[] => {
    const by = chosenFor(shift);
    return by ? [{ shift, by }] : [];
  });
  const send = () => {
    if (!person || !known) return;
    away
      .run(person, { start_us: startMs * 1000, end_us: endMs * 1000 }, reason, given)
      .then(onClose, () => {});
  };
  const blocked = !person
    ? 'Choose who is away.'
    : !known
      ? 'The end is before the start.'
      : reason.trim()
        ? null
        : 'A reason is needed.';
  const at = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());
  return (
    <FormModal
      opened
      onClose={onClose}
      title={sick ? 'Sick: hand the shifts over' : 'Away'}
      size={560}
      submit={given.length > 0 ? `Hand over ${count(given.length, 'shift')}` : 'Enter'}
      onSubmit={send}
      pending={away.pending}
      error={away.error}
      blocked={blocked}
      command={cli('absence add', [], { person, from: at(startMs), until: at(endMs), reason })}
    >
      <Select
        label="Who"
        searchable
        data={people.map(({ id, name, title }) => ({ value: id, label: `${name}, ${title}` }))}
        value={person}
        onChange={setPerson}
      />
      <div className={css.times}>
        <TextInput
          type="datetime-local"
          label={`From, ${zone}`}
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="Until"
          value={end}
          onChange={(event) => setEnd(event.currentTarget.value)}
        />
      </div>
      {person && known && (
        <div>
          <p className="soft small">
            {shifts.length === 0
              ? 'No shift in this span falls into it.'
              : 'Who stands in, the fairest proposed. Without a name everybody on the schedule is asked.'}
          </p>
          <ul>
            {shifts.map((shift) => (
              <StandIn
                key={shift.key}
                shift={shift}
                choices={choicesFor(shift, {
                  people: people
                    .filter((each) => each.id !== person)
                    .map((each) => ({ ...each, title: null })),
                  absences,
                  requires: requiresOf(shift.block.scheduleId),
                })}
                chosen={chosenFor(shift)}
                onChoose={(id) => setPicked((old) => ({ ...old, [shift.key]: id }))}
              />
            ))}
          </ul>
        </div>
      )}
      {person && known && <ChangePreview change={absenceOf(person, { startMs, endMs }, given)} />}
      <TextInput label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </FormModal>
  );
}
