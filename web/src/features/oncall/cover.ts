import type { Absence, Person } from '@/api/types';
import { type Block, overlaps } from './calendar';
import { type Load, restLimitH } from './load';

const HOUR = 3_600_000;

/** Somebody who could take a stretch. */
export interface Candidate {
  personId: string;
  name: string;
  /** Hours between this stretch and their nearest duty; null when they have none in sight. */
  restH: number | null;
  /** Of the duty's hours in the span, 0 to 1. */
  share: number;
  /** They cannot: away, or not certified. */
  cannot: boolean;
  /** Why they should not be asked, if so. */
  against: string | null;
}

interface Stretch {
  startMs: number;
  endMs: number;
}

function restOf(stretch: Stretch, own: readonly Block[]): number | null {
  const gaps = own.map((block) =>
    block.endMs <= stretch.startMs ? stretch.startMs - block.endMs : block.startMs - stretch.endMs,
  );
  const nearest = gaps.filter((gap) => gap >= 0);
  return nearest.length > 0 ? Math.min(...nearest) / HOUR : null;
}

/** What is known of those who could take a stretch. */
export interface Around {
  blocks: readonly Block[];
  people: readonly Person[];
  loads: readonly Load[];
  /** What whoever takes it must be certified for. */
  requires?: readonly string[];
  absences?: readonly Away[];
}

type Away = Pick<Absence, 'person_id' | 'start_us' | 'end_us'>;

/** The one certificate that somebody lacks until the end of a stretch, in words. */
function lacks(person: Person, requires: readonly string[], endMs: number): string | null {
  for (const id of requires) {
    const held = person.certified.find((each) => each.id === id);
    if (!held) return `not certified for ${id}`;
    if (typeof held.until_us === 'number' && held.until_us < endMs * 1000)
      return `certificate ${id} ends before`;
  }
  return null;
}

/** Why somebody cannot take a stretch at all, if so: the server refuses it, or they are not there. */
export function cannotTake(
  person: Person,
  stretch: Stretch,
  { requires = [], absences = [] }: Pick<Around, 'requires' | 'absences'>,
): string | null {
  if (person.external) return 'outside of the team';
  const missing = lacks(person, requires, stretch.endMs);
  if (missing) return missing;
  const away = absences.some(
    (each) =>
      each.person_id === person.id &&
      overlaps({ startMs: each.start_us / 1000, endMs: each.end_us / 1000 }, stretch),
  );
  return away ? 'away then' : null;
}

function candidateOf(person: Person, stretch: Stretch, around: Around): Candidate {
  const own = around.blocks.filter((block) => block.personId === person.id && !block.shadow);
  const onDuty = own.find((block) => overlaps(block, stretch));
  const restH = restOf(stretch, own);
  const cannot = cannotTake(person, stretch, around);
  const against = onDuty
    ? `on ${onDuty.schedule} then`
    : restH !== null && restH < restLimitH
      ? `rest ${Math.floor(restH)} h`
      : null;
  return {
    personId: person.id,
    name: person.name,
    restH,
    share: around.loads.find((load) => load.personId === person.id)?.share ?? 0,
    cannot: cannot !== null,
    against: cannot ?? against,
  };
}

const rank = (candidate: Candidate) => (candidate.cannot ? 2 : candidate.against ? 1 : 0);

/**
 * Who can take a stretch, the fairest first: those who are free and rested, by the share they carry already;
 * then those of whom it would ask too much; last those who cannot, each with the reason. Asked are all who take
 * turns, and where certificates are needed whoever has them.
 */
export function candidatesFor(stretch: Stretch, around: Around): Candidate[] {
  const inRotation = new Set(around.blocks.map((block) => block.personId));
  const { requires = [] } = around;
  const listed = around.people.filter(
    (person) =>
      inRotation.has(person.id) ||
      (requires.length > 0 && !person.external && !lacks(person, requires, stretch.endMs)),
  );
  return listed
    .map((person) => candidateOf(person, stretch, around))
    .toSorted((a, b) => rank(a) - rank(b) || a.share - b.share || a.name.localeCompare(b.name));
}

/** Everybody of the team as a choice, with the reason behind the name where somebody cannot take it. */
export function choicesFor(stretch: Stretch | null, around: Omit<Around, 'blocks' | 'loads'>) {
  return around.people
    .filter((person) => !person.external)
    .map((person) => {
      const cannot = stretch && cannotTake(person, stretch, around);
      const label = person.title ? `${person.name}, ${person.title}` : person.name;
      return { value: person.id, label: cannot ? `${label} (${cannot})` : label, cannot: Boolean(cannot) };
    })
    .toSorted((a, b) => Number(a.cannot) - Number(b.cannot))
    .map(({ value, label }) => ({ value, label }));
}
