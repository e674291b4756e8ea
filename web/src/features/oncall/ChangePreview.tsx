import { IconAlertTriangle, IconCheck, IconMinus, IconPlus, IconSend } from '@tabler/icons-react';
import { messageOf } from '@/api/client';
import type { Finding, Preview, PreviewAnswer, PreviewAsk, PreviewPerson, PreviewRequest } from '@/api/types';
import { formatLength } from '@/lib/countdown';
import { count, listOf } from '@/lib/names';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { PersonAvatar } from '@/ui/Person';
import { usePreview } from './api';
import css from './Preview.module.css';

/** Shifts named for one person; the rest is a number. */
const FIRST = 2;
/** People and findings listed; a roster's change may touch everybody. */
const MOST = 12;

type Shift = PreviewPerson['gained'][number];

function Shifts({ shifts, sign }: { shifts: readonly Shift[]; sign: 'gained' | 'lost' }) {
  const zone = useZone();
  const named = shifts.slice(0, FIRST);
  const rest = shifts.length - named.length;
  const Icon = sign === 'gained' ? IconPlus : IconMinus;
  return named.map((shift, at) => (
    <p key={`${shift.schedule_id} ${shift.start_us}`} className={css.shift}>
      <Icon size={12} stroke={2} aria-label={sign} />
      <span className="grow">
        {range(shift.start_us / 1000, shift.end_us / 1000, zone)}{' '}
        <span className="faint">
          {shift.schedule}
          {at === named.length - 1 && rest > 0 && `, and ${rest} more`}
        </span>
      </span>
    </p>
  ));
}

function Person({ person }: { person: PreviewPerson }) {
  const net = person.gained_s - person.lost_s;
  const sum = net === 0 ? 'same hours' : `${net > 0 ? '+' : '−'}${formatLength(Math.abs(net))}`;
  return (
    <li className={css.person}>
      <PersonAvatar id={person.person_id} name={person.name} size={20} />
      <div className="grow">
        <p className={css.name}>
          <span className="mid">{person.name}</span>
          <span className={css.net}>{sum}</span>
        </p>
        <Shifts shifts={person.gained} sign="gained" />
        <Shifts shifts={person.lost} sign="lost" />
      </div>
    </li>
  );
}

function Found({ finding, gone }: { finding: Finding; gone: boolean }) {
  const Icon = gone ? IconCheck : IconAlertTriangle;
  return (
    <li className={css.finding} data-gone={gone || undefined}>
      <Icon size={14} stroke={1.9} aria-hidden="true" />
      <span className="grow">
        {gone && 'Mended: '}
        {finding.message} <code className="faint caption">{finding.rule}</code>
      </span>
    </li>
  );
}

function keyOf(finding: Finding): string {
  return `${finding.rule} ${finding.start_us} ${finding.person_id} ${finding.message}`;
}

function Checks({ preview }: { preview: Preview }) {
  const { findings_new: added, findings_gone: gone } = preview;
  const more = Math.max(0, added.length - MOST) + Math.max(0, gone.length - MOST);
  if (added.length + gone.length === 0) {
    return <p className={css.quiet}>The coverage check says the same as before.</p>;
  }
  return (
    <ul>
      {added.slice(0, MOST).map((finding) => (
        <Found key={keyOf(finding)} finding={finding} gone={false} />
      ))}
      {gone.slice(0, MOST).map((finding) => (
        <Found key={keyOf(finding)} finding={finding} gone />
      ))}
      {more > 0 && <li className={css.quiet}>And {more} more.</li>}
    </ul>
  );
}

type PackFinding = PreviewAnswer['findings'][number];

/** What the check says of the pack as it would be: it stands in the way, or has been said before. */
function PackSays({ findings, tone }: { findings: readonly PackFinding[]; tone: 'bad' | 'warn' }) {
  return findings.map((finding) => (
    <p key={`${finding.rule} ${finding.file} ${finding.line} ${finding.message}`} className={`${tone} small`}>
      {finding.message}
    </p>
  ));
}

/** A request that would go out: for which shift, and to whom. */
function Asked({ ask }: { ask: PreviewAsk }) {
  const zone = useZone();
  return (
    <p className={css.shift}>
      <IconSend size={12} stroke={2} aria-label="asked" />
      <span className="grow">
        {range(ask.start_us / 1000, ask.end_us / 1000, zone)} <span className="faint">{ask.schedule}</span>.{' '}
        {ask.people.length === 0
          ? 'Nobody can be asked.'
          : `Asked: ${listOf(ask.people.map((person) => person.name))}.`}
      </span>
    </p>
  );
}

function Answer({ preview }: { preview: Preview }) {
  const shown = preview.people.slice(0, MOST);
  const more = preview.people.length - shown.length;
  return (
    <>
      {preview.people.length === 0 && <p className={css.quiet}>Nobody gains or loses a shift.</p>}
      <ul>
        {shown.map((person) => (
          <Person key={person.person_id} person={person} />
        ))}
        {more > 0 && <li className={css.quiet}>And {count(more, 'person', 'people')} more.</li>}
      </ul>
      <Checks preview={preview} />
    </>
  );
}

/** What a change would mean, before it is saved: who gains and loses which shifts, what the checks would say. */
export function ChangePreview({ change }: { change: PreviewRequest }) {
  const { data, error, isPending, isPlaceholderData } = usePreview(change);
  return (
    <section
      className={css.preview}
      aria-label="What it would mean"
      aria-busy={isPending || isPlaceholderData}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard
      tabIndex={0}
    >
      <h3 className={css.head}>What it would mean</h3>
      {isPending && <p className={css.quiet}>Looking at the next 90 days…</p>}
      {error && <p className="bad small">{messageOf(error)}</p>}
      {data && !error && (
        <>
          {!data.possible && <PackSays findings={data.findings} tone="bad" />}
          {data.asks.map((ask) => (
            <Asked key={`${ask.schedule_id} ${ask.start_us}`} ask={ask} />
          ))}
          {data.preview && <Answer preview={data.preview} />}
          {data.possible && data.findings.length > 0 && (
            <details className={css.quiet}>
              <summary>The pack check warns of {count(data.findings.length, 'thing')}</summary>
              <PackSays findings={data.findings} tone="warn" />
            </details>
          )}
        </>
      )}
    </section>
  );
}
