import type { Absence, Person } from '@/api/types';
import { type Block, joined, overlaps } from './calendar';
import { candidatesFor } from './cover';
import { heaviestFirst, loadsOf } from './load';

/** A shift that somebody who is away cannot hold, and who could. */
export interface Affected {
  key: string;
  block: Block;
  /** What is left of it within the absence, in ms UTC. */
  startMs: number;
  endMs: number;
  /** The fairest of those who are free and rested; null when there is nobody. */
  proposed: string | null;
}

interface Options {
  blocks: readonly Block[];
  people: readonly Person[];
  fromMs: number;
  toMs: number;
  zone: string;
  /** What a schedule asks whoever is on call to be certified for. */
  requiresOf?: (scheduleId: string | null) => readonly string[];
  absences?: readonly Absence[];
}

/**
 * The shifts of a person between two instants, each with a proposal. Who is proposed for one shift carries it
 * when the next one is looked at, so that one person is not proposed for everything.
 */
export function affectedShifts(
  personId: string,
  startMs: number,
  endMs: number,
  options: Options,
): Affected[] {
  const { blocks, fromMs, toMs, zone, absences, requiresOf } = options;
  const people = options.people.filter((person) => person.id !== personId);
  const own = joined(blocks.filter((block) => block.personId === personId && !block.gap && !block.shadow));
  const others = blocks.filter((block) => block.personId !== personId);
  const taken: Block[] = [];
  return own
    .filter((block) => overlaps(block, { startMs, endMs }))
    .map((block) => {
      const span = { startMs: Math.max(block.startMs, startMs), endMs: Math.min(block.endMs, endMs) };
      const all = [...others, ...taken];
      const duty = all.filter((each) => each.scheduleId === block.scheduleId);
      const loads = heaviestFirst(loadsOf(duty, fromMs, toMs, zone));
      const around = { blocks: all, people, loads, absences, requires: requiresOf?.(block.scheduleId) };
      const best = candidatesFor(span, around).find((each) => !each.against);
      if (best)
        taken.push({
          ...block,
          ...span,
          key: `${block.key} taken`,
          personId: best.personId,
          name: best.name,
        });
      return { key: block.key, block, ...span, proposed: best?.personId ?? null };
    });
}
