import { describe, expect, it } from 'vitest';
import type { Person } from '@/api/types';
import { affectedShifts } from './away';
import { block } from './testing';

const HOUR = 3_600_000;
const people = ['a', 'b', 'c'].map(
  (id) => ({ id, name: id, certified: [] as Person['certified'] }) as Person,
);
const at = (hour: number) => hour * HOUR;
const options = (blocks: ReturnType<typeof block>[]) => ({
  blocks,
  people,
  fromMs: 0,
  toMs: at(240),
  zone: 'UTC',
});

describe('the shifts of somebody who is away', () => {
  const blocks = [
    block('a', at(0), at(12)),
    block('a', at(48), at(60)),
    block('a', at(120), at(132)),
    block('b', at(80), at(81)),
    block('c', at(82), at(84)),
  ];

  it('are those that the absence meets, cut to it, each with the fairest who is free', () => {
    const found = affectedShifts('a', at(6), at(54), options(blocks));
    expect(found.map(({ startMs, endMs, proposed }) => [startMs / HOUR, endMs / HOUR, proposed])).toEqual([
      [6, 12, 'b'],
      [48, 54, 'c'],
    ]);
  });

  it('are offered to nobody who lacks a certificate, and never to whoever is away', () => {
    const certified = people.map((person) => ({
      ...person,
      certified: person.id === 'b' ? [] : [{ id: 'l1', until_us: null }],
    }));
    const found = affectedShifts('a', at(6), at(12), {
      ...options(blocks),
      people: certified,
      requiresOf: () => ['l1'],
    });
    expect(found[0]?.proposed).toBe('c');
  });

  it('have no proposal where nobody is free and rested', () => {
    const busy = [...blocks, block('b', at(0), at(12)), block('c', at(13), at(14))];
    expect(affectedShifts('a', at(0), at(12), options(busy))[0]?.proposed).toBeNull();
  });
});
