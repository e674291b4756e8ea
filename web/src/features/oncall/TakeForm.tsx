import { Select } from '@mantine/core';
import { useContext, useState } from 'react';
import type { Schedule, Swap } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { serverNow } from '@/lib/serverClock';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { PersonName, Viewer } from '@/ui/Person';
import { ChangePreview } from './ChangePreview';
import { CoverChoices } from './CoverChoices';
import { blocksOf } from './calendar';
import { candidatesFor } from './cover';
import { useTakeSwap } from './life';
import { loadsOf } from './load';

interface Props {
  swap: Swap;
  schedules: readonly Schedule[];
  fromMs: number;
  toMs: number;
  onClose: () => void;
}

/** Somebody takes a shift that was asked for: the viewer, or whom those who run the roster choose. */
export function TakeForm({ swap, schedules, fromMs, toMs, onClose }: Props) {
  const zone = useZone();
  const viewer = useContext(Viewer);
  const takeSwap = useTakeSwap();
  const people = useOrganisation().data?.people ?? [];
  const [by, setBy] = useState<string | null>(viewer === swap.person_id ? null : viewer);
  const open = swap.open[0] ?? swap;
  const own = schedules.find((schedule) => schedule.id === swap.schedule_id);
  const span = { startMs: Math.max(open.start_us / 1000, serverNow()), endMs: open.end_us / 1000 };
  const candidates = candidatesFor(span, {
    blocks: schedules.flatMap(blocksOf),
    people: people.filter((person) => person.id !== swap.person_id),
    loads: own ? loadsOf(blocksOf(own), fromMs, toMs, zone) : [],
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Take the shift of ${swap.name}`}
      size={560}
      submit="Take it"
      onSubmit={() =>
        by && takeSwap.mutate({ id: swap.id, body: { by_person_id: by } }, { onSuccess: onClose })
      }
      pending={takeSwap.isPending}
      error={takeSwap.error}
      blocked={by ? null : 'Choose who takes it.'}
      command={cli('swap take', [swap.id], { by })}
    >
      <p>
        <PersonName id={swap.person_id} name={swap.name} you /> {swap.reason && `asks: ${swap.reason}.`}
      </p>
      {swap.open.map((part) => (
        <p key={part.start_us} className="mid">
          {range(part.start_us / 1000, part.end_us / 1000, zone)}
          <span className="soft"> {own?.name}</span>
        </p>
      ))}
      <Select
        label="Takes it"
        searchable
        data={people
          .filter((person) => person.id !== swap.person_id && !person.external)
          .map(({ id, name, title }) => ({ value: id, label: `${name}, ${title}` }))}
        value={by}
        onChange={setBy}
      />
      <CoverChoices candidates={candidates} chosen={by} onChoose={setBy} />
      {by && (
        <ChangePreview
          change={{
            override: {
              schedule_id: swap.schedule_id,
              kind: 'replace',
              person_id: swap.person_id,
              by_person_id: by,
              people: [],
              start_us: open.start_us,
              end_us: open.end_us,
            },
          }}
        />
      )}
    </FormModal>
  );
}
