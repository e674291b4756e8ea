import type { BoardLevel, Finding, Oncall, Schedule } from '@/api/types';
import { startOfDay } from '@/lib/time';

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
}

/** A level (or a schedule of no level) with its lanes; blocks in one lane never overlap. */
export interface Row {
  key: string;
  label: string;
  lanes: Block[][];
  /** A standing duty: drawn lighter, it has no shifts. */
  standing: boolean;
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

/** The shifts of a schedule as blocks, one per person, a hole where nobody is. */
export function blocksOf(schedule: Schedule): Block[] {
  return schedule.shifts.flatMap((shift): Block[] => {
    const base = {
      startMs: shift.start_us / 1000,
      endMs: shift.end_us / 1000,
      changed: shift.overridden,
      source: shift.source,
      scheduleId: schedule.id,
    };
    const key = `${schedule.id} ${shift.start_us}`;
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

/** A level's target names a schedule when it carries the schedule's id or name. */
function schedulesOf(targets: readonly string[], schedules: readonly Schedule[]): Schedule[] {
  const text = targets.join(' ').toLowerCase();
  return schedules.filter(
    (schedule) => text.includes(schedule.id.toLowerCase()) || text.includes(schedule.name.toLowerCase()),
  );
}

function standing(level: BoardLevel, fromMs: number, toMs: number): Block[] {
  return level.people.map((person) => ({
    key: `${level.level} ${person.person_id}`,
    startMs: fromMs,
    endMs: toMs,
    gap: null,
    personId: person.person_id,
    name: person.name,
    changed: false,
    source: 'standing duty',
    scheduleId: null,
  }));
}

/** Gaps that the coverage check found at this level, as blocks of their own. */
function gaps(findings: readonly Finding[], level: string): Block[] {
  return findings
    .filter(
      (finding) => finding.level?.toLowerCase() === level.toLowerCase() && finding.start_us && finding.end_us,
    )
    .map((finding) => ({
      key: `gap ${level} ${finding.start_us}`,
      startMs: (finding.start_us ?? 0) / 1000,
      endMs: (finding.end_us ?? 0) / 1000,
      gap: `${finding.message} ${finding.mend}`,
      personId: '',
      name: 'Gap',
      changed: false,
      source: finding.rule,
      scheduleId: null,
    }));
}

/** The rows of the calendar: each level with its schedules or standing people, then schedules of no level. */
export function rowsOf(
  oncall: Oncall,
  boardLevels: readonly BoardLevel[],
  findings: readonly Finding[],
  fromMs: number,
  toMs: number,
): Row[] {
  const used = new Set<string>();
  const rows = oncall.levels.map((level): Row => {
    const own = schedulesOf(level.targets, oncall.schedules);
    for (const schedule of own) used.add(schedule.id);
    const board = boardLevels.find((each) => each.level.toLowerCase() === level.level.toLowerCase());
    const blocks = own.length > 0 ? own.flatMap(blocksOf) : board ? standing(board, fromMs, toMs) : [];
    const found = gaps(findings, level.level).filter(
      (gap) => !blocks.some((block) => block.gap && block.startMs < gap.endMs && gap.startMs < block.endMs),
    );
    return {
      key: level.level,
      label: level.level,
      lanes: packLanes([...blocks, ...found]),
      standing: own.length === 0,
    };
  });
  const others = oncall.schedules
    .filter((schedule) => !used.has(schedule.id))
    .map(
      (schedule): Row => ({
        key: schedule.id,
        label: schedule.name,
        lanes: packLanes(blocksOf(schedule)),
        standing: false,
      }),
    );
  return [...rows, ...others];
}

/** Midnights of the week that starts at `weekMs`: eight instants, as days are not all 24 hours long. */
export function daysOf(weekMs: number, zone: string): number[] {
  return Array.from({ length: 8 }, (_, at) => startOfDay(weekMs, zone, at));
}

/** Where an instant stands in a week, 0 to 1; each day is a seventh, however long it is. */
export function placeIn(days: readonly number[], ms: number): number {
  const last = days.length - 1;
  for (let at = 0; at < last; at++) {
    const [start, end] = [days[at] ?? 0, days[at + 1] ?? 0];
    if (ms < start) return at / last;
    if (ms < end) return (at + (ms - start) / (end - start)) / last;
  }
  return 1;
}

/** The part of a block that falls into a week, or null when none does. */
export function clip(block: Block, days: readonly number[]): { left: number; width: number } | null {
  const left = placeIn(days, block.startMs);
  const right = placeIn(days, block.endMs);
  return right > left ? { left, width: right - left } : null;
}
