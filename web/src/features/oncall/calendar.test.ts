import { describe, expect, it } from 'vitest';
import { joined, packLanes } from './calendar';
import { block } from './testing';

describe('lanes', () => {
  it('hold one person at a time and keep each in their lane', () => {
    const lanes = packLanes([block('a', 0, 10), block('b', 0, 10), block('b', 10, 20), block('a', 10, 20)]);
    expect(lanes.map((lane) => lane.map((each) => each.personId))).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });
});

describe('stretches that follow each other', () => {
  it('are one when the same person holds the same duty for the same reason', () => {
    const shifts = joined([block('a', 5, 10), block('a', 0, 5), block('a', 11, 12), block('b', 12, 14)]);
    expect(shifts.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 10],
      [11, 12],
      [12, 14],
    ]);
  });

  it('stay apart where an override begins', () => {
    expect(joined([block('a', 0, 5), block('a', 5, 10, { changed: true })])).toHaveLength(2);
  });
});
