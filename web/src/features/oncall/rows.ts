import type { Finding, LevelPlan, Oncall, Person, Schedule, Swap } from '@/api/types';
import {
  type Block,
  blocksOf,
  blocksOfLayer,
  joined,
  joinedEach,
  overlaps,
  packLanes,
  type Row,
  shadowsOf,
} from './calendar';

/** How the calendar is cut into lines. */
export const views = ['levels', 'schedules', 'people'] as const;
export type View = (typeof views)[number];

/** What the lines are drawn from. */
export interface Source {
  oncall: Oncall;
  plans: readonly LevelPlan[];
  findings: readonly Finding[];
  people: readonly Person[];
}

/** A finding that says: nobody is reached at this level, between these instants. */
export function isGap(finding: Finding): boolean {
  return finding.rule === 'COV-1' && Boolean(finding.start_us && finding.end_us);
}

/** The schedules of a level: those that its targets name, and those that are called after it (`L1, second`). */
function schedulesOf(level: string, targets: readonly string[], schedules: readonly Schedule[]): Schedule[] {
  const text = targets.join(' ').toLowerCase();
  const own = level.toLowerCase();
  return schedules.filter(({ id, name }) =>
    [id, name].some((word) => text.includes(word.toLowerCase()) || word.toLowerCase().startsWith(own)),
  );
}

/** Whom a level without shifts would page first, stretch by stretch; somebody who is away is stood in for. */
function standing(plan: LevelPlan | undefined): Block[] {
  const stretches = (plan?.stretches ?? []).flatMap((stretch) =>
    (stretch.steps[0]?.people ?? []).map((person) => ({
      key: `${plan?.level} ${person.person_id} ${stretch.start_us}`,
      startMs: stretch.start_us / 1000,
      endMs: stretch.end_us / 1000,
      gap: null,
      personId: person.person_id,
      name: person.name,
      changed: false,
      source: 'standing duty',
      scheduleId: null,
      schedule: '',
    })),
  );
  return joinedEach(stretches);
}

/** Gaps that the coverage check found at this level, as blocks of their own. */
function gaps(findings: readonly Finding[], level: string): Block[] {
  return findings
    .filter((finding) => isGap(finding) && finding.level?.toLowerCase() === level.toLowerCase())
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
      schedule: level,
    }));
}

/** Lanes with the gaps that no lane shows yet: in the first lane, which is the one that should have answered. */
function withGaps(lanes: Block[][], found: readonly Block[]): Block[][] {
  const shown = lanes.flat().filter((block) => block.gap);
  const hidden = found.filter((gap) => !shown.some((each) => overlaps(each, gap)));
  const [first = [], ...rest] = lanes;
  return [[...first, ...hidden], ...rest];
}

/** The policy that applies where none is named. */
const DEFAULT_POLICY = 'escalation';

/** One entry per level: those of the default policy, or of the first one. */
export function levelsOf(oncall: Oncall): Oncall['levels'] {
  const policies = oncall.levels.map((level) => level.policy);
  const chosen = policies.includes(DEFAULT_POLICY) ? DEFAULT_POLICY : policies[0];
  return oncall.levels.filter((level) => level.policy === chosen);
}

/** The people on call, and below them those who learn. */
function lanesOf(schedule: Schedule): Block[][] {
  return [...packLanes(joined(blocksOf(schedule))), ...packLanes(joined(shadowsOf(schedule)))];
}

function scheduleRow(schedule: Schedule): Row {
  return {
    key: schedule.id,
    label: schedule.name,
    kind: 'schedule',
    lanes: lanesOf(schedule),
    standing: false,
    scheduleIds: [schedule.id],
    cutOvers: schedule.cut_overs.map((next) => next.at_us / 1000),
  };
}

/** The levels with their schedules or standing people, then schedules of no level. */
function levelRows({ oncall, plans, findings }: Source): Row[] {
  const used = new Set<string>();
  const rows = levelsOf(oncall).map((level): Row => {
    const own = schedulesOf(level.level, level.targets, oncall.schedules);
    for (const schedule of own) used.add(schedule.id);
    const plan = plans.find((each) => each.policy === level.policy && each.level === level.level);
    const lanes = own.flatMap(lanesOf);
    const stand = own.length === 0 ? packLanes(standing(plan)) : [];
    return {
      key: level.level,
      label: level.level,
      kind: 'level',
      lanes: withGaps([...lanes, ...stand], gaps(findings, level.level)),
      standing: own.length === 0,
      scheduleIds: own.map((schedule) => schedule.id),
      cutOvers: own.flatMap((schedule) => schedule.cut_overs.map((next) => next.at_us / 1000)),
    };
  });
  return [...rows, ...oncall.schedules.filter(({ id }) => !used.has(id)).map(scheduleRow)];
}

/** One line per layer of a schedule: what it would answer alone, through every roster that holds in the span. */
function layerRows(schedule: Schedule): Row[] {
  const names = [...new Set(schedule.layer_shifts.map((layer) => layer.name))];
  return names.map((name) => {
    const shifts = schedule.layer_shifts
      .filter((layer) => layer.name === name)
      .flatMap((layer) => layer.shifts);
    return {
      key: `${schedule.id}/${name}`,
      label: name,
      kind: 'layer',
      lanes: packLanes(joined(blocksOfLayer(schedule, name, shifts))),
      standing: true,
      scheduleIds: [schedule.id],
    };
  });
}

function scheduleRows({ oncall }: Source, layers: boolean): Row[] {
  return oncall.schedules.flatMap((schedule) => [
    scheduleRow(schedule),
    ...(layers ? layerRows(schedule) : []),
  ]);
}

/** One line per person who may be called, in the order of the organisation; where nobody is, a line above them. */
function personRows({ oncall, people }: Source): Row[] {
  const blocks = oncall.schedules.flatMap((schedule) => [
    ...joined(blocksOf(schedule)),
    ...joined(shadowsOf(schedule)),
  ]);
  const holes = blocks.filter((block) => block.gap);
  const inShifts = new Set(blocks.map((block) => block.personId));
  const listed = people.filter((person) => inShifts.has(person.id) || !person.external);
  const rows = listed.map(
    (person): Row => ({
      key: person.id,
      label: person.name,
      kind: 'person',
      lanes: packLanes(blocks.filter((block) => !block.gap && block.personId === person.id)),
      standing: false,
      scheduleIds: [],
      personId: person.id,
    }),
  );
  const nobody: Row = {
    key: 'gaps',
    label: 'Nobody',
    kind: 'gaps',
    lanes: packLanes(holes),
    standing: false,
    scheduleIds: [],
  };
  return holes.length > 0 ? [nobody, ...rows] : rows;
}

/** The lines of the calendar, by level, by schedule or by person. */
export function rowsOf(view: View, source: Source, layers = false): Row[] {
  if (view === 'people') return personRows(source);
  return view === 'schedules' ? scheduleRows(source, layers) : levelRows(source);
}

/** Marks the shifts that somebody is asked to take; the rows are otherwise as they were. */
export function markSwaps(rows: readonly Row[], swaps: readonly Swap[]): Row[] {
  const asked = swaps.flatMap((swap) =>
    swap.open.map((part) => ({
      scheduleId: swap.schedule_id,
      personId: swap.person_id,
      startMs: part.start_us / 1000,
      endMs: part.end_us / 1000,
    })),
  );
  if (asked.length === 0) return [...rows];
  const isAsked = (block: Block) =>
    asked.some(
      (part) =>
        part.scheduleId === block.scheduleId && part.personId === block.personId && overlaps(part, block),
    );
  const mark = (block: Block) => (isAsked(block) ? { ...block, inSwap: true } : block);
  return rows.map((row) => ({ ...row, lanes: row.lanes.map((lane) => lane.map(mark)) }));
}
