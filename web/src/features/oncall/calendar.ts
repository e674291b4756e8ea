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

/** The schedules of a level: those that its targets name, and those that are called after it (`L1, second`). */
function schedulesOf(level: string, targets: readonly string[], schedules: readonly Schedule[]): Schedule[] {
  const text = targets.join(' ').toLowerCase();
  const own = level.toLowerCase();
  return schedules.filter(({ id, name }) =>
    [id, name].some((word) => text.includes(word.toLowerCase()) || word.toLowerCase().startsWith(own)),
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

/** Lanes with the gaps that no lane shows yet: in the first lane, which is the one that should have answered. */
function withGaps(lanes: Block[][], found: readonly Block[]): Block[][] {
  const shown = lanes.flat().filter((block) => block.gap);
  const hidden = found.filter(
    (gap) => !shown.some((each) => each.startMs < gap.endMs && gap.startMs < each.endMs),
  );
  const [first = [], ...rest] = lanes;
  return [[...first, ...hidden], ...rest];
}

/** The policy that applies where none is named. */
const DEFAULT_POLICY = 'escalation';

/** One entry per level: those of the default policy, or of the first one. */
function levelsOf(oncall: Oncall): Oncall['levels'] {
  const policies = oncall.levels.map((level) => level.policy);
  const chosen = policies.includes(DEFAULT_POLICY) ? DEFAULT_POLICY : policies[0];
  return oncall.levels.filter((level) => level.policy === chosen);
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
  const rows = levelsOf(oncall).map((level): Row => {
    const own = schedulesOf(level.level, level.targets, oncall.schedules);
    for (const schedule of own) used.add(schedule.id);
    const board = boardLevels.find((each) => each.level.toLowerCase() === level.level.toLowerCase());
    const lanes = own.length > 0 ? own.flatMap((schedule) => packLanes(blocksOf(schedule))) : [];
    const stand = own.length === 0 && board ? packLanes(standing(board, fromMs, toMs)) : [];
    const shown = [...lanes, ...stand];
    return {
      key: level.level,
      label: level.level,
      lanes: withGaps(shown, gaps(findings, level.level)),
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
