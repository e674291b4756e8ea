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
import { candidatesFor, choicesFor } from './cover';
import { useAbsences, useTakeSwap } from './life';
import { loadsOf } from './load';

interface Props {
  swap: Swap;
  schedules: readonly Schedule[];
  fromMs: number;
  toMs: number;
  onClose: () => void;
}

/** Who starts out chosen: the viewer, or the one with whom a trade can be made. */
function firstChoice(swap: Swap, viewer: string | null): string | null {
  const asked = swap.asked.map((person) => person.person_id);
  if (swap.in_return) return asked.find((id) => id === viewer) ?? asked[0] ?? null;
  return viewer === swap.person_id ? null : viewer;
}

/** Everybody who could take it: for a trade only those whose shift is asked for in return. */
function useTakers({ swap, schedules, fromMs, toMs }: Props, part: Swap['open'][number]) {
  const zone = useZone();
  const people = useOrganisation().data?.people ?? [];
  const absences = useAbsences().data?.items ?? [];
  const own = schedules.find((schedule) => schedule.id === swap.schedule_id);
  const span = { startMs: Math.max(part.start_us / 1000, serverNow()), endMs: part.end_us / 1000 };
  const may = (id: string) => !swap.in_return || swap.asked.some((person) => person.person_id === id);
  const around = {
    people: people.filter((person) => person.id !== swap.person_id && may(person.id)),
    absences,
    requires: own?.requires,
  };
  const blocks = schedules.flatMap(blocksOf);
  const loads = own ? loadsOf(blocksOf(own), fromMs, toMs, zone) : [];
  return {
    choices: choicesFor(span, around),
    candidates: candidatesFor(span, { ...around, blocks, loads }),
  };
}

function Parts({ swap, schedules }: Pick<Props, 'swap' | 'schedules'>) {
  const zone = useZone();
  const nameOf = (id: string | null | undefined) => schedules.find((each) => each.id === id)?.name ?? id;
  const back = swap.in_return;
  return (
    <>
      {back && (
        <p className="mid">
          <span className="soft">In return {swap.name} takes </span>
          {range(back.start_us / 1000, back.end_us / 1000, zone)}
          <span className="soft">, {nameOf(back.schedule_id)}</span>
        </p>
      )}
      {swap.open.length === 1 &&
        swap.open.map((part) => (
          <p key={part.start_us} className="mid">
            {range(part.start_us / 1000, part.end_us / 1000, zone)}
            <span className="soft">, {nameOf(swap.schedule_id)}</span>
          </p>
        ))}
    </>
  );
}

/** Somebody takes a shift that was asked for: the viewer, or whom those who run the roster choose. */
export function TakeForm(props: Props) {
  const { swap, onClose } = props;
  const zone = useZone();
  const viewer = useContext(Viewer);
  const takeSwap = useTakeSwap();
  const [by, setBy] = useState<string | null>(() => firstChoice(swap, viewer));
  const [first, setFirst] = useState(String(swap.open[0]?.start_us ?? swap.start_us));
  const part = swap.open.find((each) => String(each.start_us) === first) ?? swap.open[0] ?? swap;
  const { choices, candidates } = useTakers(props, part);
  // Several parts can be open; the server wants to know which one.
  const span = swap.open.length > 1 ? { start_us: part.start_us, end_us: part.end_us } : {};
  return (
    <FormModal
      opened
      onClose={onClose}
      title={swap.in_return ? `Trade with ${swap.name}` : `Take the shift of ${swap.name}`}
      size={560}
      submit={swap.in_return ? 'Accept the trade' : 'Take it'}
      onSubmit={() =>
        by && takeSwap.mutate({ id: swap.id, body: { by_person_id: by, ...span } }, { onSuccess: onClose })
      }
      pending={takeSwap.isPending}
      error={takeSwap.error}
      blocked={by ? null : 'Choose who takes it.'}
      command={cli('swap take', [swap.id], { by })}
    >
      <p>
        <PersonName id={swap.person_id} name={swap.name} you /> {swap.reason && `asks: ${swap.reason}.`}
      </p>
      {swap.open.length > 1 && (
        <Select
          label="Which part"
          allowDeselect={false}
          data={swap.open.map((each) => ({
            value: String(each.start_us),
            label: range(each.start_us / 1000, each.end_us / 1000, zone),
          }))}
          value={first}
          onChange={(value) => value && setFirst(value)}
        />
      )}
      <Parts swap={swap} schedules={props.schedules} />
      <Select label="Takes it" searchable data={choices} value={by} onChange={setBy} />
      {!swap.in_return && <CoverChoices candidates={candidates} chosen={by} onChoose={setBy} />}
      {by && (
        <ChangePreview
          change={{
            take: {
              swap_id: swap.id,
              by_person_id: by,
              start_us: span.start_us ?? null,
              end_us: span.end_us ?? null,
            },
          }}
        />
      )}
    </FormModal>
  );
}
