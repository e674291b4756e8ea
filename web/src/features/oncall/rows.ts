import type { BoardLevel, Finding, Oncall, Person, Schedule } from '@/api/types';
import { type Block, blocksOf, blocksOfLayer, joined, overlaps, packLanes, type Row } from './calendar';

/** How the calendar is cut into lines. */
export const views = ['levels', 'schedules', 'people'] as const;
export type View = (typeof views)[number];

/** What the lines are drawn from. */
export interface Source {
  oncall: Oncall;
  boardLevels: readonly BoardLevel[];
  findings: readonly Finding[];
  people: readonly Person[];
  fromMs: number;
  toMs: number;
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
    schedule: '',
  }));
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

function scheduleRow(schedule: Schedule): Row {
  return {
    key: schedule.id,
    label: schedule.name,
    kind: 'schedule',
    lanes: packLanes(joined(blocksOf(schedule))),
    standing: false,
    scheduleIds: [schedule.id],
    zone: schedule.zone,
  };
}

/** The levels with their schedules or standing people, then schedules of no level. */
function levelRows({ oncall, boardLevels, findings, fromMs, toMs }: Source): Row[] {
  const used = new Set<string>();
  const rows = levelsOf(oncall).map((level): Row => {
    const own = schedulesOf(level.level, level.targets, oncall.schedules);
    for (const schedule of own) used.add(schedule.id);
    const board = boardLevels.find((each) => each.level.toLowerCase() === level.level.toLowerCase());
    const lanes = own.flatMap((schedule) => packLanes(joined(blocksOf(schedule))));
    const stand = own.length === 0 && board ? packLanes(standing(board, fromMs, toMs)) : [];
    return {
      key: level.level,
      label: level.level,
      kind: 'level',
      lanes: withGaps([...lanes, ...stand], gaps(findings, level.level)),
      standing: own.length === 0,
      scheduleIds: own.map((schedule) => schedule.id),
    };
  });
  return [...rows, ...oncall.schedules.filter(({ id }) => !used.has(id)).map(scheduleRow)];
}

/** One line per layer of a schedule: what it would answer alone. */
function layerRows(schedule: Schedule): Row[] {
  return schedule.layer_shifts.map((layer) => ({
    key: `${schedule.id}/${layer.name}`,
    label: layer.name,
    kind: 'layer',
    lanes: packLanes(joined(blocksOfLayer(schedule, layer.name, layer.shifts))),
    standing: true,
    scheduleIds: [schedule.id],
  }));
}

function scheduleRows({ oncall }: Source, layers: boolean): Row[] {
  return oncall.schedules.flatMap((schedule) => [
    scheduleRow(schedule),
    ...(layers ? layerRows(schedule) : []),
  ]);
}

/** One line per person who may be called, in the order of the organisation; where nobody is, a line above them. */
function personRows({ oncall, people }: Source): Row[] {
  const blocks = oncall.schedules.flatMap((schedule) => joined(blocksOf(schedule)));
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
