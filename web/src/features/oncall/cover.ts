import type { Person } from '@/api/types';
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

/**
 * Who can take a stretch, the fairest first: those who are free and rested, by the share they carry already;
 * then those of whom it would ask too much, with the reason. `away` are people out of office at that time.
 */
export function candidatesFor(
  stretch: Stretch,
  options: {
    blocks: readonly Block[];
    people: readonly Person[];
    loads: readonly Load[];
    away?: ReadonlySet<string>;
  },
): Candidate[] {
  const loadOf = new Map(options.loads.map((load) => [load.personId, load]));
  const inRotation = new Set(options.blocks.map((block) => block.personId));
  const listed = options.people.filter((person) => inRotation.has(person.id));
  const found = listed.map((person): Candidate => {
    const own = options.blocks.filter((block) => block.personId === person.id && !block.shadow);
    const onDuty = own.find((block) => overlaps(block, stretch));
    const restH = restOf(stretch, own);
    const against = options.away?.has(person.id)
      ? 'out of office'
      : onDuty
        ? `on ${onDuty.schedule} then`
        : restH !== null && restH < restLimitH
          ? `rest ${Math.floor(restH)} h`
          : null;
    return {
      personId: person.id,
      name: person.name,
      restH,
      share: loadOf.get(person.id)?.share ?? 0,
      against,
    };
  });
  return found.toSorted(
    (a, b) =>
      Number(Boolean(a.against)) - Number(Boolean(b.against)) ||
      a.share - b.share ||
      a.name.localeCompare(b.name),
  );
}
