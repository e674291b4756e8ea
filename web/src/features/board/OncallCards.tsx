import { Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useContext } from 'react';
import type { BoardLevel, Person } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { formatLong } from '@/lib/countdown';
import { levelDuty, levelName, levels } from '@/lib/lamp';
import { shortName } from '@/lib/names';
import { useMinute } from '@/lib/serverClock';
import { clock, instant, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { PersonAvatar, Viewer } from '@/ui/Person';
import css from './Board.module.css';
import { nobody } from './findings';

/** `standing duty` becomes `Standing duty.` */
function sentence(words: string): string {
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`;
}

type OnCallPerson = BoardLevel['people'][number];

function Reach({ person, whyNot }: { person: OnCallPerson; whyNot: string | null | undefined }) {
  if (person.reachable) {
    return (
      <span className={`${css.reach} ok`}>
        <IconCheck size={13} stroke={2} aria-hidden="true" /> Reachable
      </span>
    );
  }
  return (
    <Tooltip label={whyNot ?? 'No enabled contact method.'}>
      <span className={`${css.reach} warn`}>
        <IconAlertTriangle size={13} stroke={2} aria-hidden="true" /> Unreachable
      </span>
    </Tooltip>
  );
}

/** `CTO, New York 04:42 EST` when the person's wall clock differs from the viewer's. */
function useTitleOf(person: Person | undefined): string {
  const viewer = useContext(Viewer);
  const zone = useZone();
  const now = useMinute();
  if (!person) return '';
  const you = person.id === viewer ? ' (you)' : '';
  const elsewhere = person.zone && clock(now, person.zone) !== clock(now, zone);
  const place = person.zone?.split('/').at(-1)?.replaceAll('_', ' ');
  const there = elsewhere ? `, ${place} ${clock(now, person.zone)} ${zoneName(now, person.zone)}` : '';
  return `${person.title}${you}${there}`;
}

function Current({ person, known }: { person: OnCallPerson; known: Person | undefined }) {
  const title = useTitleOf(known);
  return (
    <div className={css.person}>
      <PersonAvatar id={person.person_id} name={person.name} size={28} />
      <div className="grow">
        <div className="cut mid">{person.name}</div>
        <div className="cut caption soft">{title}</div>
      </div>
      <Reach person={person} whyNot={known?.why_not} />
    </div>
  );
}

function NextUp({ next }: { next: NonNullable<OnCallPerson['next']> }) {
  const zone = useZone();
  const now = useMinute();
  const ms = next.at_us / 1000;
  return (
    <div className={css.person}>
      <PersonAvatar id={next.person_id} name={next.name} size={28} />
      <div className="grow">
        <div className="cut mid soft">{next.name}</div>
        <div className="cut caption soft">Next, from {instant(ms, zone, now)}</div>
      </div>
      <span className="caption faint">in {formatLong((ms - now) / 1000)}</span>
    </div>
  );
}

function Foot({ level }: { level: BoardLevel }) {
  const zone = useZone();
  const now = useMinute();
  const until = level.people.find((person) => person.until_us)?.until_us;
  const deputies = level.deputies.map(shortName).join(', ');
  const parts = [
    level.hole && !nobody(level) ? level.hole : undefined,
    until ? `Until ${instant(until / 1000, zone, now)}.` : sentence(level.note),
    deputies && `Deputies: ${deputies}`,
  ];
  return <p className={`${css.cardFoot} cut`}>{parts.filter(Boolean).join(' ')}</p>;
}

function Hole({ level, reason }: { level: string; reason: string }) {
  return (
    <div className={css.person}>
      <div className="grow">
        <div className="bad strong">Nobody holds {levelName(level)}</div>
        <div className="caption soft">{reason}</div>
      </div>
      <Button variant="filled" size="sm" renderRoot={(props) => <Link to="/oncall" {...props} />}>
        Find cover
      </Button>
    </div>
  );
}

function Card({ level, people }: { level: BoardLevel; people: readonly Person[] }) {
  const known = (id: string) => people.find((person) => person.id === id);
  const next = level.people.find((person) => person.next)?.next;
  const name = levels.find((each) => each.toLowerCase() === level.level.toLowerCase());
  return (
    <section
      className={css.card}
      data-hole={level.hole ?? undefined}
      aria-label={`${levelName(level.level)} on call`}
    >
      <h2 className={css.cardHead}>
        <span className="strong">{levelName(level.level)}</span>
        <span className="faint">{name ? levelDuty[name] : level.title}</span>
      </h2>
      <div className={css.people}>
        {level.hole && nobody(level) && <Hole level={level.level} reason={level.hole} />}
        {level.people.map((person) => (
          <Current key={person.person_id} person={person} known={known(person.person_id)} />
        ))}
        {next && <NextUp next={next} />}
      </div>
      <Foot level={level} />
    </section>
  );
}

/** Who would be woken now, level by level, until when, and who stands behind them. */
export function OncallCards({ levels: boardLevels }: { levels: readonly BoardLevel[] }) {
  const people = useOrganisation().data?.people ?? [];
  return (
    <div className={css.cards}>
      {boardLevels.map((level) => (
        <Card key={level.level} level={level} people={people} />
      ))}
    </div>
  );
}
