import { describe, expect, it } from 'vitest';
import type { Oncall as OnCall, Person, Swap } from '@/api/types';
import { loadsOf } from './load';
import { markSwaps, rowsOf, type Source } from './rows';

function person(id: string): Person {
  return { id, name: id.toUpperCase(), external: false } as Person;
}

describe('the rows of the calendar', () => {
  const oncall: OnCall = {
    from_us: 0,
    to_us: 1,
    levels: [
      { level: 'L1', policy: 'ladder', targets: ['schedule L1 rota'] },
      { level: 'L2', policy: 'ladder', targets: ['role senior'] },
    ],
    schedules: [
      {
        id: 'sch_1',
        name: 'L1 rota',
        zone: 'UTC',
        layers: [],
        requires: [],
        layer_shifts: [],
        cut_overs: [],
        shifts: [],
      },
    ],
    overrides: [],
    holidays: [],
  };
  const source = (part: Partial<Source>): Source => ({
    oncall,
    plans: [],
    findings: [],
    people: [],
    ...part,
  });
  const gap = {
    key: 'COV-1/p/L2',
    rule: 'COV-1',
    severity: 'fail' as const,
    policy: null,
    level: 'L2' as const,
    step: null,
    schedule_id: null,
    person_id: null,
    person_ids: [],
    spans: [],
    accepted: null,
    start_us: 1000,
    end_us: 9000,
    message: 'm',
    mend: 'n',
  };

  it('draw a level by its schedule, or by who stands there', () => {
    const step = { people: [{ person_id: 'a', name: 'A' }], holes: [], timeout_s: 300 };
    const part = (start: number, end: number) => ({
      start_us: start * 1000,
      end_us: end * 1000,
      steps: [step],
      told: [],
      told_holes: [],
    });
    const plans = [{ policy: 'ladder', level: 'L2' as const, stretches: [part(0, 40), part(40, 100)] }];
    const rows = rowsOf('levels', source({ plans }));
    expect(rows.map((row) => [row.label, row.standing])).toEqual([
      ['L1', false],
      ['L2', true],
    ]);
    expect(rows[1]?.lanes[0]?.[0]).toMatchObject({ personId: 'a', startMs: 0, endMs: 100 });
  });

  it('show what the coverage check found as a gap', () => {
    const rows = rowsOf('levels', source({ findings: [gap] }));
    expect(rows[1]?.lanes[0]?.[0]).toMatchObject({ gap: 'm n', startMs: 1, endMs: 9 });
  });

  const shift = (person: string, start: number, end: number) => ({
    start_us: start * 1000,
    end_us: end * 1000,
    people: person ? [{ person_id: person, name: person.toUpperCase() }] : [],
    source: 'days',
    overridden: false,
    nobody: person ? null : 'No layer is active.',
  });
  const schedule = {
    id: 'l1',
    name: 'L1',
    zone: 'UTC',
    layers: ['days'],
    requires: [],
    layer_shifts: [{ name: 'days', shadow: false, shifts: [shift('a', 0, 50), shift('', 50, 60)] }],
    cut_overs: [],
    shifts: [shift('a', 0, 50), shift('', 50, 60), shift('b', 60, 100)],
  };
  const filled: OnCall = { ...oncall, levels: [], schedules: [schedule] };

  it('give every person a line, and above them the time that nobody has', () => {
    const rows = rowsOf('people', source({ oncall: filled, people: ['a', 'b', 'c'].map(person) }));
    expect(rows.map((row) => [row.label, row.lanes.flat().length])).toEqual([
      ['Nobody', 1],
      ['A', 1],
      ['B', 1],
      ['C', 0],
    ]);
  });

  it('show under a schedule what each layer would answer alone, when that is asked for', () => {
    const rows = rowsOf('schedules', source({ oncall: filled }), true);
    expect(rows.map((row) => [row.kind, row.lanes.flat().length])).toEqual([
      ['schedule', 3],
      ['layer', 1],
    ]);
    expect(rowsOf('schedules', source({ oncall: filled }))).toHaveLength(1);
  });

  it('put those who learn below those who are on call, and never count them', () => {
    const learns = { name: 'learns', shadow: true, shifts: [shift('c', 10, 20)] };
    const taught: OnCall = { ...filled, schedules: [{ ...schedule, layer_shifts: [learns] }] };
    const [row] = rowsOf('schedules', source({ oncall: taught }));
    expect(row?.lanes.map((lane) => lane.map((block) => block.shadow ?? false))).toEqual([
      [false, false, false],
      [true],
    ]);
    expect(loadsOf(row?.lanes.flat() ?? [], 0, 100, 'UTC').map((load) => load.personId)).toEqual(['a', 'b']);
  });

  it('mark the shifts for which cover is asked', () => {
    const swap = { schedule_id: 'l1', person_id: 'a', open: [{ start_us: 1000, end_us: 2000 }] } as Swap;
    const rows = markSwaps(rowsOf('schedules', source({ oncall: filled })), [swap]);
    expect(rows[0]?.lanes.flat().map((block) => block.inSwap ?? false)).toEqual([true, false, false]);
  });
});
