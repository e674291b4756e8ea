import type { Absence, Person, Schedule } from '@/api/types';
import { type Block, blocksOf, joined, overlaps } from './calendar';
import { cannotTake } from './cover';

/** A shift of somebody else that can be taken in return. */
export interface Offer {
  key: string;
  block: Block;
}

interface Stretch {
  startMs: number;
  endMs: number;
}

interface Options {
  schedules: readonly Schedule[];
  people: readonly Person[];
  absences: readonly Absence[];
  nowMs: number;
}

/**
 * What can be had in return for a shift: whole shifts of others that lie ahead, on every schedule, whose people
 * may take the shift that is given and whom the giver may stand in for. The soonest first.
 */
export function offersFor(given: Block, stretch: Stretch, options: Options): Offer[] {
  const { schedules, people, absences, nowMs } = options;
  const person = (id: string) => people.find((each) => each.id === id);
  const requiresOf = (id: string | null) => schedules.find((each) => each.id === id)?.requires ?? [];
  const giver = person(given.personId);
  const all = schedules.flatMap((schedule) => joined(blocksOf(schedule)));
  const busy = (id: string, scheduleId: string | null, at: Stretch) =>
    all.some((each) => each.personId === id && each.scheduleId === scheduleId && overlaps(each, at));
  const fits = (block: Block) => {
    const holder = person(block.personId);
    if (!holder || !giver || block.gap || block.personId === given.personId || block.startMs <= nowMs)
      return false;
    if (block.scheduleId === given.scheduleId && overlaps(block, stretch)) return false;
    if (cannotTake(holder, stretch, { requires: requiresOf(given.scheduleId), absences })) return false;
    if (cannotTake(giver, block, { requires: requiresOf(block.scheduleId), absences })) return false;
    return !busy(holder.id, given.scheduleId, stretch) && !busy(giver.id, block.scheduleId, block);
  };
  return all
    .filter(fits)
    .map((block) => ({ key: block.key, block }))
    .toSorted((a, b) => a.block.startMs - b.block.startMs);
}
