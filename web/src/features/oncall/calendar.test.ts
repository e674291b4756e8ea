import { describe, expect, it } from 'vitest';
import type { Oncall as OnCall } from '@/api/types';
import { type Block, clip, daysOf, packLanes, placeIn, rowsOf } from './calendar';
import { blockedBy, bodyOf, type Fields } from './override';

const block = (personId: string, startMs: number, endMs: number): Block => ({
  key: `${personId} ${startMs}`,
  startMs,
  endMs,
  gap: null,
  personId,
  name: personId,
  changed: false,
  source: 'layer',
  scheduleId: 'sch_1',
});

describe('lanes', () => {
  it('hold one person at a time and keep each in their lane', () => {
    const lanes = packLanes([block('a', 0, 10), block('b', 0, 10), block('b', 10, 20), block('a', 10, 20)]);
    expect(lanes.map((lane) => lane.map((each) => each.personId))).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });
});

describe('a week', () => {
  const zone = 'Europe/Stockholm';
  const days = daysOf(Date.UTC(2026, 9, 18, 22), zone);

  it('has seven columns, one of them 25 hours long', () => {
    const hours = days.slice(1).map((end, at) => (end - (days[at] ?? 0)) / 3_600_000);
    expect(hours).toEqual([24, 24, 24, 24, 24, 24, 25]);
  });

  it('gives each day the same width, however long it is', () => {
    expect(placeIn(days, days[6] ?? 0)).toBeCloseTo(6 / 7);
    expect(placeIn(days, (days[6] ?? 0) + 12.5 * 3_600_000)).toBeCloseTo(6.5 / 7);
    expect(placeIn(days, 0)).toBe(0);
    expect(placeIn(days, Number.MAX_SAFE_INTEGER)).toBe(1);
  });

  it('clips a shift to itself and leaves out the others', () => {
    const [start = 0, , third = 0] = days;
    expect(clip(block('a', start - 5, third), days)).toEqual({ left: 0, width: 2 / 7 });
    expect(clip(block('a', 0, start), days)).toBeNull();
  });
});

describe('the rows of the calendar', () => {
  const oncall: OnCall = {
    from_us: 0,
    to_us: 1,
    levels: [
      { level: 'L1', policy: 'ladder', targets: ['schedule L1 rota'] },
      { level: 'L2', policy: 'ladder', targets: ['role senior'] },
    ],
    schedules: [{ id: 'sch_1', name: 'L1 rota', zone: 'UTC', layers: [], shifts: [] }],
    overrides: [],
  };
  const gap = {
    rule: 'r',
    policy: null,
    level: 'L2' as const,
    person_id: null,
    start_us: 1000,
    end_us: 9000,
    message: 'm',
    mend: 'n',
  };

  it('draw a level by its schedule, or by who stands there', () => {
    const people = [
      { person_id: 'a', name: 'A', reachable: true, why_not: null, until_us: null, next: null },
    ];
    const board = [{ level: 'L2' as const, title: '', people, deputies: [], note: '', hole: null }];
    const rows = rowsOf(oncall, board, [], 0, 100);
    expect(rows.map((row) => [row.label, row.standing])).toEqual([
      ['L1', false],
      ['L2', true],
    ]);
    expect(rows[1]?.lanes[0]?.[0]).toMatchObject({ personId: 'a', startMs: 0, endMs: 100 });
  });

  it('show what the coverage check found as a gap', () => {
    const rows = rowsOf(oncall, [], [gap], 0, 100);
    expect(rows[1]?.lanes[0]?.[0]).toMatchObject({ gap: 'm n', startMs: 1, endMs: 9 });
  });
});

describe('an override', () => {
  const fields: Fields = {
    kind: 'replace',
    schedule: 'sch_1',
    person: 'a',
    by: 'b',
    start: '',
    end: '',
    reason: 'leave',
  };

  it('says what is missing, in the order of the form', () => {
    expect(blockedBy({ ...fields, schedule: null }, 1, 2)).toBe('Choose a schedule.');
    expect(blockedBy({ ...fields, by: null }, 1, 2)).toBe('Choose who takes it.');
    expect(blockedBy(fields, 2, 1)).toBe('The end is before the start.');
    expect(blockedBy({ ...fields, reason: ' ' }, 1, 2)).toBe('A reason is needed.');
    expect(blockedBy(fields, 1, 2)).toBeNull();
  });

  it('names the right person for each kind', () => {
    expect(bodyOf(fields, 1, 2)).toMatchObject({
      person_id: 'a',
      by_person_id: 'b',
      start_us: 1000,
      end_us: 2000,
    });
    expect(bodyOf({ ...fields, kind: 'add' }, 1, 2)).toMatchObject({
      person_id: 'b',
      by_person_id: undefined,
    });
    expect(bodyOf({ ...fields, kind: 'remove' }, 1, 2)).toMatchObject({
      person_id: 'a',
      by_person_id: undefined,
    });
  });
});
