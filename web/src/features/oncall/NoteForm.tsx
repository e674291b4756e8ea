import { Select, Textarea } from '@mantine/core';
import { useContext, useState } from 'react';
import { messageOf } from '@/api/client';
import type { Schedule } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { listOf } from '@/lib/names';
import { serverNow } from '@/lib/serverClock';
import { FormModal } from '@/ui/FormModal';
import { Viewer } from '@/ui/Person';
import { TimeText } from '@/ui/TimeText';
import { useHandoffDraft, useWriteNote } from './life';
import { OpenIncidents } from './NoteView';

/** Who is on call on a schedule now, if anybody. */
function onDuty(schedule: Schedule | undefined): string | null {
  const nowUs = serverNow() * 1000;
  const shift = schedule?.shifts.find((each) => each.start_us <= nowUs && nowUs < each.end_us);
  return shift?.people[0]?.person_id ?? null;
}

function Next({ schedule, from }: { schedule: string | null; from: string | null }) {
  const draft = useHandoffDraft(schedule, from);
  if (draft.error) return <p className="bad small">{messageOf(draft.error)}</p>;
  if (!draft.data) return <p className="soft small">Choose a schedule and whose duty ends.</p>;
  const { at_us, to_people, incidents } = draft.data;
  return (
    <>
      <p>
        {at_us === null ? (
          'Nobody comes next.'
        ) : (
          <>
            To <span className="mid">{listOf(to_people.map((person) => person.name))}</span>,{' '}
            <TimeText us={at_us} />
          </>
        )}
      </p>
      <div>
        <p className="soft small">Open now, added out of the record</p>
        <OpenIncidents incidents={incidents} />
      </div>
    </>
  );
}

/** What the one whose duty ends writes to whoever comes next. */
export function NoteForm({
  scheduleId,
  schedules,
  onClose,
}: {
  scheduleId: string | null;
  schedules: readonly Schedule[];
  onClose: () => void;
}) {
  const viewer = useContext(Viewer);
  const write = useWriteNote();
  const [schedule, setSchedule] = useState(scheduleId ?? schedules[0]?.id ?? null);
  const [from, setFrom] = useState(() => viewer ?? onDuty(schedules.find((each) => each.id === schedule)));
  const [text, setText] = useState('');
  const [watch, setWatch] = useState('');
  const people = useOrganisation().data?.people ?? [];
  const lines = watch
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const blocked = !schedule
    ? 'Choose a schedule.'
    : !from
      ? 'Choose whose duty ends.'
      : !text.trim() && lines.length === 0
        ? 'Write what the next one needs to know.'
        : null;
  const send = () => {
    if (!schedule || !from) return;
    const body = { from_person_id: from, text, watch: lines };
    write.mutate({ schedule, body }, { onSuccess: onClose });
  };
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Handoff note"
      size={560}
      submit="Hand over"
      onSubmit={send}
      pending={write.isPending}
      error={write.error}
      blocked={blocked}
      command={cli('handoff write', [schedule ?? 'SCHEDULE'], { from, text, watch: lines })}
    >
      <Select
        label="Schedule"
        data={schedules.map(({ id, name }) => ({ value: id, label: name }))}
        value={schedule}
        onChange={setSchedule}
        allowDeselect={false}
      />
      <Select
        label="Whose duty ends"
        searchable
        data={people.map(({ id, name, title }) => ({ value: id, label: `${name}, ${title}` }))}
        value={from}
        onChange={setFrom}
      />
      <Next schedule={schedule} from={from} />
      <Textarea
        label="What happened, what is decided"
        autosize
        minRows={3}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Textarea
        label="Watch, one line each"
        placeholder={'Logins from 203.0.113.77\nThe deploy at 22:00'}
        autosize
        minRows={2}
        maxRows={8}
        value={watch}
        onChange={(event) => setWatch(event.currentTarget.value)}
      />
    </FormModal>
  );
}
