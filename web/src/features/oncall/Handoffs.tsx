import { Button } from '@mantine/core';
import { messageOf } from '@/api/client';
import type { HandoffNote } from '@/api/types';
import { listOf, shortName } from '@/lib/names';
import { Flag, type Tone } from '@/ui/Flag';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { useHandoffNotes } from './life';
import css from './Oncall.module.css';

const states: Record<HandoffNote['state'], { words: string; tone: Tone }> = {
  written: { words: 'Not accepted', tone: 'warn' },
  asked_back: { words: 'Asked back', tone: 'warn' },
  accepted: { words: 'Accepted', tone: 'ok' },
};

/** Where a handoff note stands. */
export function NoteState({ note }: { note: HandoffNote }) {
  const { words, tone } = states[note.state];
  return <Flag tone={tone}>{words}</Flag>;
}

/** `Anneli K. to Leila R.` */
export function partiesOf(note: HandoffNote): string {
  const to = note.to_people.map((person) => shortName(person.name));
  return `${shortName(note.from_person.name)} to ${listOf(to) || 'nobody'}`;
}

/** What one duty wrote to the next: the open ones, and the last that was accepted. */
export function Handoffs({ onOpen, onWrite }: { onOpen: (note: HandoffNote) => void; onWrite: () => void }) {
  const notes = useHandoffNotes();
  const items = notes.data?.items ?? [];
  const open = items.filter((note) => note.state !== 'accepted');
  const accepted = items.filter((note) => note.state === 'accepted').slice(0, 2);
  return (
    <Panel
      title="Handoff notes"
      count={notes.data && open.length}
      right={
        <Button size="sm" onClick={onWrite}>
          Write
        </Button>
      }
    >
      {notes.isError && (
        <ErrorState
          title="The handoff notes could not be read."
          detail={messageOf(notes.error)}
          retry={() => notes.refetch()}
        />
      )}
      {notes.data && items.length === 0 && (
        <EmptyState title="No note yet.">
          Write one before your duty ends; whoever comes next accepts it.
        </EmptyState>
      )}
      <ul>
        {[...open, ...accepted].map((note) => (
          <li key={note.id}>
            <button type="button" className={css.noteLine} onClick={() => onOpen(note)}>
              <span className="grow">
                <span className="mid cut">{partiesOf(note)}</span>
                <span className="soft small">
                  <TimeText us={note.at_us} />
                </span>
              </span>
              <NoteState note={note} />
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
