import { Flag } from '@/ui/Flag';
import { TimeText } from '@/ui/TimeText';
import type { PersonPreview, PreviewAnswer, PreviewShift } from './api';
import css from './Policy.module.css';

const MOST = 3;

function Shifts({
  verb,
  seconds,
  shifts,
}: {
  verb: string;
  seconds: number;
  shifts: readonly PreviewShift[];
}) {
  if (shifts.length === 0) return null;
  return (
    <span>
      {' '}
      {verb} {Math.round(seconds / 360) / 10} h:{' '}
      {shifts.slice(0, MOST).map((shift, at) => (
        <span key={`${shift.schedule_id} ${shift.start_us}`}>
          {at > 0 && ', '}
          {shift.schedule} <TimeText us={shift.start_us} /> to <TimeText us={shift.end_us} />
        </span>
      ))}
      {shifts.length > MOST && ` and ${shifts.length - MOST} more`}.
    </span>
  );
}

function Person({ person }: { person: PersonPreview }) {
  return (
    <li>
      <span className="mid">{person.name}</span>
      <Shifts verb="gains" seconds={person.gained_s} shifts={person.gained} />
      <Shifts verb="loses" seconds={person.lost_s} shifts={person.lost} />
    </li>
  );
}

/** What a change would mean: what stands against it, whose shifts move, what the coverage check would say. */
export function PreviewView({ answer }: { answer: PreviewAnswer }) {
  const { preview } = answer;
  const errors = answer.findings.filter(({ severity }) => severity === 'error');
  return (
    <section className={css.stack} aria-label="Preview" aria-live="polite">
      {errors.map((finding) => (
        <p key={`${finding.file}:${finding.line}:${finding.column}:${finding.rule}`} className="bad small">
          {finding.file}:{finding.line}: {finding.message}
          {finding.suggestion && ` (${finding.suggestion})`}
        </p>
      ))}
      {preview && (
        <ul className={`${css.changes} small`}>
          {preview.people.length === 0 && <li>Nobody's shifts change in the next 90 days.</li>}
          {preview.people.map((person) => (
            <Person key={person.person_id} person={person} />
          ))}
          {preview.findings_new.map((finding) => (
            <li key={`new ${finding.rule} ${finding.message}`}>
              <Flag tone="warn">New finding</Flag> {finding.message}
            </li>
          ))}
          {preview.findings_gone.map((finding) => (
            <li key={`gone ${finding.rule} ${finding.message}`}>
              <Flag>Mended</Flag> {finding.message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
