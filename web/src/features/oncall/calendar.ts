import type { Schedule } from '@/api/types';

/** A block in a lane of the calendar. */
export interface Block {
  key: string;
  startMs: number;
  endMs: number;
  /** Nobody: a hole, with the reason. */
  gap: string | null;
  personId: string;
  name: string;
  /** Changed by an override or taken by a deputy. */
  changed: boolean;
  /** Where it comes from: a layer, an override, a standing duty. */
  source: string;
  scheduleId: string | null;
  /** The schedule's name; empty for what no schedule decides. */
  schedule: string;
  /** Listens in: told, never counted. */
  shadow?: boolean;
  /** Somebody is asked to take it. */
  inSwap?: boolean;
}

/** A line of the calendar with its lanes; blocks in one lane never overlap. */
export interface Row {
  key: string;
  label: string;
  kind: 'level' | 'schedule' | 'layer' | 'person' | 'gaps';
  lanes: Block[][];
  /** A standing duty: drawn lighter, it has no shifts. */
  standing: boolean;
  /** The schedules that fill it, the first of them decides first. */
  scheduleIds: readonly string[];
  /** The person whose line it is. */
  personId?: string;
  /** Instants at which another roster takes over. */
  cutOvers?: readonly number[];
}

/** Puts blocks into as few lanes as possible, keeping each person in the lane they had. */
export function packLanes(blocks: readonly Block[]): Block[][] {
  const lanes: Block[][] = [];
  for (const block of blocks.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)) {
    const free = lanes.filter((lane) => (lane.at(-1)?.endMs ?? 0) <= block.startMs);
    const own = free.find((lane) => lane.at(-1)?.personId === block.personId);
    const lane = own ?? free[0];
    if (lane) lane.push(block);
    else lanes.push([block]);
  }
  return lanes;
}

type Stretch = Schedule['shifts'][number];

/** Shifts as blocks, one per person, a hole where nobody is. */
function blocksOfShifts(shifts: readonly Stretch[], schedule: Schedule, prefix: string): Block[] {
  return shifts.flatMap((shift): Block[] => {
    const base = {
      startMs: shift.start_us / 1000,
      endMs: shift.end_us / 1000,
      changed: shift.overridden,
      source: shift.source,
      scheduleId: schedule.id,
      schedule: schedule.name,
    };
    const key = `${prefix} ${shift.start_us}`;
    if (shift.people.length === 0) {
      return [{ ...base, key, gap: shift.nobody ?? 'Nobody is on this shift.', personId: '', name: 'Gap' }];
    }
    return shift.people.map((person) => ({
      ...base,
      key: `${key} ${person.person_id}`,
      gap: null,
      personId: person.person_id,
      name: person.name,
    }));
  });
}

/** The shifts of a schedule as blocks. */
export function blocksOf(schedule: Schedule): Block[] {
  return blocksOfShifts(schedule.shifts, schedule, schedule.id);
}

/** What one layer alone would answer; where it is not active it says nothing. */
export function blocksOfLayer(schedule: Schedule, layer: string, shifts: readonly Stretch[]): Block[] {
  return blocksOfShifts(shifts, schedule, `${schedule.id}/${layer}`).filter((block) => !block.gap);
}

/** The stretches of those who learn on a schedule: told, never counted. */
export function shadowsOf(schedule: Schedule): Block[] {
  return schedule.layer_shifts
    .filter((layer) => layer.shadow)
    .flatMap((layer) => blocksOfLayer(schedule, layer.name, layer.shifts))
    .map((block) => ({ ...block, shadow: true }));
}

/** Whether two stretches share an instant; both hold from their start until just before their end. */
export function overlaps(
  a: { startMs: number; endMs: number },
  b: { startMs: number; endMs: number },
): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs;
}

/** Stretches of one person on one schedule that follow each other without a break become one. */
export function joined(blocks: readonly Block[]): Block[] {
  const out: Block[] = [];
  for (const block of blocks.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = out.at(-1);
    if (last && last.endMs === block.startMs && sameDuty(last, block))
      out[out.length - 1] = { ...last, endMs: block.endMs };
    else out.push(block);
  }
  return out;
}

/** The same for stretches in which several people stand side by side. */
export function joinedEach(blocks: readonly Block[]): Block[] {
  const people = [...new Set(blocks.map((block) => block.personId))];
  return people.flatMap((id) => joined(blocks.filter((block) => block.personId === id)));
}

function sameDuty(a: Block, b: Block): boolean {
  return (
    a.personId === b.personId &&
    a.scheduleId === b.scheduleId &&
    a.changed === b.changed &&
    a.source === b.source &&
    Boolean(a.gap) === Boolean(b.gap)
  );
}
