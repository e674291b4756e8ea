import { describe, expect, it } from 'vitest';
import type { Person, Schedule } from '@/api/types';
import { block } from './testing';
import { offersFor } from './trade';

const HOUR_US = 3_600_000_000;
const hours = (from: number, to: number) => ({ startMs: from * 3_600_000, endMs: to * 3_600_000 });

function schedule(id: string, requires: string[], shifts: [string, number, number][]): Schedule {
  return {
    id,
    name: id,
    zone: 'UTC',
    layers: [],
    requires,
    layer_shifts: [],
    cut_overs: [],
    shifts: shifts.map(([person_id, from, to]) => ({
      start_us: from * HOUR_US,
      end_us: to * HOUR_US,
      people: [{ person_id, name: person_id }],
      source: 'layer',
      overridden: false,
      nobody: null,
    })),
  };
}

function person(id: string, ...certified: string[]): Person {
  return { id, name: id, certified: certified.map((each) => ({ id: each, until_us: null })) } as Person;
}

describe('what can be had in return for a shift', () => {
  const given = block('a', 24 * 3_600_000, 36 * 3_600_000, { scheduleId: 'l1' });
  const offers = (schedules: Schedule[], people: Person[]) =>
    offersFor(given, hours(24, 36), { schedules, people, absences: [], nowMs: 12 * 3_600_000 }).map(
      ({ block: { personId, scheduleId } }) => `${personId} ${scheduleId}`,
    );

  it('is every whole shift ahead of others, on each schedule, the soonest first', () => {
    const l1 = schedule(
      'l1',
      [],
      [
        ['b', 0, 24],
        ['a', 24, 36],
        ['b', 60, 72],
      ],
    );
    const l2 = schedule(
      'l2',
      [],
      [
        ['c', 40, 50],
        ['a', 50, 60],
      ],
    );
    expect(offers([l1, l2], [person('a'), person('b'), person('c')])).toEqual(['c l2', 'b l1']);
  });

  it('is none of those who cannot stand in, of schedules that one cannot stand on, or of those on duty then', () => {
    const l1 = schedule(
      'l1',
      ['l1'],
      [
        ['a', 24, 36],
        ['b', 40, 50],
        ['c', 50, 60],
      ],
    );
    const l2 = schedule('l2', ['l2'], [['c', 70, 80]]);
    const people = [person('a', 'l1'), person('b'), person('c', 'l1', 'l2')];
    expect(offers([l1, l2], people)).toEqual(['c l1']);
    const busy = schedule(
      'l1',
      [],
      [
        ['a', 24, 36],
        ['b', 30, 40],
        ['b', 60, 72],
      ],
    );
    expect(offers([busy], people), 'b stands beside a already').toEqual([]);
  });
});
