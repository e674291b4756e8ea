import { describe, expect, it } from 'vitest';
import type { Person } from '@/api/types';
import { candidatesFor, choicesFor } from './cover';
import { loadsOf, toneOf } from './load';
import { block, gap } from './testing';

const zone = 'Europe/Stockholm';
const HOUR = 3_600_000;
/** Monday 12 October 2026, 00:00 in Stockholm. */
const monday = Date.UTC(2026, 9, 11, 22);
const at = (day: number, hour: number) => monday + (day * 24 + hour) * HOUR;
const week = [monday, at(7, 0)] as const;

describe('load', () => {
  it('counts hours inside the span, and what share of all hours they are', () => {
    const blocks = [
      block('a', at(-1, 20), at(0, 8)),
      block('b', at(0, 8), at(0, 32)),
      gap(at(2, 0), at(3, 0)),
    ];
    const loads = loadsOf(blocks, ...week, zone);
    expect(loads.map(({ personId, hours, share }) => [personId, hours, share])).toEqual([
      ['a', 8, 0.25],
      ['b', 24, 0.75],
    ]);
  });

  it('counts a night with three hours of duty in it, not one that is only touched', () => {
    const nights = (from: number, to: number) => loadsOf([block('a', from, to)], ...week, zone)[0]?.nights;
    expect(nights(at(0, 17), at(1, 8))).toBe(1);
    expect(nights(at(0, 8), at(0, 24))).toBe(0);
    expect(nights(at(0, 8), at(0, 26))).toBe(1);
    expect(nights(at(0, 8), at(2, 8))).toBe(2);
  });

  it('adds up two stretches of one night, and counts two days of one weekend once', () => {
    const split = [block('a', at(0, 23), at(1, 1)), block('a', at(1, 4), at(1, 6))];
    expect(loadsOf(split, ...week, zone)[0]?.nights).toBe(1);
    const weekend = [block('a', at(5, 8), at(5, 20)), block('a', at(6, 8), at(6, 20))];
    expect(loadsOf(weekend, ...week, zone)[0]?.weekends).toBe(1);
    expect(loadsOf([block('a', at(5, 0), at(5, 6))], ...week, zone)[0]?.weekends).toBe(0);
  });

  it('leaves out shadows, and warns at a quarter and fails at a third', () => {
    expect(loadsOf([block('a', ...week, { shadow: true })], ...week, zone)).toEqual([]);
    expect([0.24, 0.25, 0.33].map(toneOf)).toEqual(['ok', 'warn', 'bad']);
  });
});

describe('cover', () => {
  const people = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: id }) as Person);
  const hole = { startMs: at(2, 8), endMs: at(2, 20) };
  const blocks = [
    block('a', at(0, 0), at(1, 0)),
    block('b', at(4, 0), at(4, 12)),
    block('c', at(2, 22), at(3, 6)),
    block('d', at(2, 10), at(2, 12)),
  ];
  const candidates = candidatesFor(hole, { blocks, people, loads: loadsOf(blocks, ...week, zone) });

  it('is offered to the rested who carry least, then to the others with what speaks against it', () => {
    expect(candidates.map(({ personId, against }) => [personId, against])).toEqual([
      ['b', null],
      ['a', null],
      ['d', 'on L1 then'],
      ['c', 'rest 2 h'],
    ]);
    expect(candidates[0]?.restH).toBe(28);
  });

  it('is not offered to people outside the rotation, and says who is away', () => {
    expect(candidates.some(({ personId }) => personId === 'e')).toBe(false);
    const absences = [{ person_id: 'b', start_us: hole.startMs * 1000, end_us: hole.endMs * 1000 }];
    const away = candidatesFor(hole, { blocks, people, loads: [], absences });
    expect(away.at(-1)).toMatchObject({ personId: 'b', cannot: true, against: 'away then' });
  });

  it('with certificates is offered to whoever has them, on duty or not, and last to those who lack one', () => {
    const l1 = (until_us: number | null) => [{ id: 'l1', until_us }];
    const held: Record<string, Person['certified']> = {
      a: l1(null),
      c: l1(hole.endMs * 1000 - 1),
      e: l1(null),
    };
    const certified = people.map((person) => ({ ...person, certified: held[person.id] ?? [] }));
    const found = candidatesFor(hole, { blocks, people: certified, loads: [], requires: ['l1'] });
    expect(found.map(({ personId, against }) => [personId, against])).toEqual([
      ['a', null],
      ['e', null],
      ['b', 'not certified for l1'],
      ['c', 'certificate l1 ends before'],
      ['d', 'not certified for l1'],
    ]);
    const choices = choicesFor(hole, { people: certified, requires: ['l1'] });
    expect(choices.map(({ value }) => value)).toEqual(['a', 'e', 'b', 'c', 'd']);
    expect(choices.at(-1)?.label).toBe('d (not certified for l1)');
  });
});
