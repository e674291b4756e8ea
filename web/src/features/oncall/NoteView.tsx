import { Button, Modal, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { HandoffNote } from '@/api/types';
import { SeverityChip } from '@/ui/SeverityChip';
import { TimeText } from '@/ui/TimeText';
import { NoteState, partiesOf } from './Handoffs';
import { useAcceptNote, useAskBack } from './life';
import css from './Note.module.css';

/** Incidents that are open, out of the record. */
export function OpenIncidents({ incidents }: { incidents: HandoffNote['incidents'] }) {
  if (incidents.length === 0) return <p className="soft small">No incident was open.</p>;
  return (
    <ul className={css.list}>
      {incidents.map((incident) => (
        <li key={incident.id} className="row">
          <SeverityChip value={incident.severity} />
          <Link to="/incidents/$ref" params={{ ref: incident.reference }} className="link mono">
            {incident.reference}
          </Link>
          <span className="cut grow">{incident.title}</span>
          <span className="faint small nowrap">{incident.holder?.name ?? 'nobody holds it'}</span>
        </li>
      ))}
    </ul>
  );
}

function AskBack({ note, onDone }: { note: HandoffNote; onDone: () => void }) {
  const ask = useAskBack();
  const [question, setQuestion] = useState('');
  return (
    <div className={css.part}>
      <Textarea
        label="What is missing"
        autosize
        minRows={2}
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
      />
      {ask.error && <p className="bad small">{messageOf(ask.error)}</p>}
      <Button
        size="bar"
        loading={ask.isPending}
        disabled={!question.trim()}
        onClick={() => ask.mutate({ id: note.id, question }, { onSuccess: onDone })}
      >
        Send the question
      </Button>
    </div>
  );
}

function Answer({ note, onClose }: { note: HandoffNote; onClose: () => void }) {
  const accept = useAcceptNote();
  const [asking, setAsking] = useState(false);
  if (note.state === 'accepted') {
    return (
      <p className="ok">
        Accepted by {note.answered_by?.name}, <TimeText us={note.changed_us} />.
      </p>
    );
  }
  return (
    <>
      {accept.error && (
        <p className="bad small" role="alert">
          {messageOf(accept.error)}
        </p>
      )}
      {asking && <AskBack note={note} onDone={onClose} />}
      <div className={css.foot}>
        {!asking && (
          <Button size="bar" onClick={() => setAsking(true)}>
            Ask back
          </Button>
        )}
        <Button
          size="bar"
          variant="filled"
          loading={accept.isPending}
          onClick={() => accept.mutate(note.id, { onSuccess: onClose })}
        >
          Accept the handoff
        </Button>
      </div>
    </>
  );
}

/** A handoff note as the one who comes next reads it: what is open, what to watch, and the answer. */
export function NoteView({ note, onClose }: { note: HandoffNote; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`Handoff, ${partiesOf(note)}`} size={560}>
      <div className={css.note}>
        <p className="row">
          <span className="soft">
            <TimeText us={note.at_us} />, written <TimeText us={note.written_us} />
          </span>
          <NoteState note={note} />
        </p>
        {note.text && <p className={css.text}>{note.text}</p>}
        {note.watch.length > 0 && (
          <div className={css.part}>
            <h3 className={css.head}>Watch</h3>
            <ul className={css.watch}>
              {note.watch.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          </div>
        )}
        <div className={css.part}>
          <h3 className={css.head}>Open incidents when it was written</h3>
          <OpenIncidents incidents={note.incidents} />
        </div>
        {note.question && <p className="warn">Asked back: {note.question}</p>}
        <Answer note={note} onClose={onClose} />
      </div>
    </Modal>
  );
}
