import { describe, expect, it } from 'vitest';
import {
  blockedBy,
  bodyOf,
  draftOfEdge,
  draftOfStretch,
  type Fields,
  fromNow,
  handOver,
  incompleteBy,
} from './override';
import { block, gap } from './testing';

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

  it('can be looked at without a reason', () => {
    expect(incompleteBy({ ...fields, reason: '' }, 1, 2)).toBeNull();
    expect(incompleteBy({ ...fields, by: 'a' }, 1, 2)).toBe('Both are the same person.');
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

  it('names everybody of a fixed set', () => {
    expect(bodyOf({ ...fields, kind: 'fixed' }, 1, 2)).toMatchObject({ people: ['b'], person_id: undefined });
  });
});

describe('a stretch drawn over a row', () => {
  const lane = [block('a', 0, 10), block('b', 10, 20), gap(20, 30)];

  it('replaces the one who is on call in all of it', () => {
    expect(draftOfStretch(lane, 'x', 2, 8)).toMatchObject({
      kind: 'replace',
      personId: 'a',
      scheduleId: 'sch_1',
    });
  });

  it('goes to one person where several take turns, or where part of it is a hole', () => {
    expect(draftOfStretch(lane, 'x', 5, 15).kind).toBe('fixed');
    expect(draftOfStretch(lane, 'x', 15, 25).kind).toBe('fixed');
  });

  it('covers a hole, on the schedule of the row', () => {
    expect(draftOfStretch(lane, 'x', 21, 29)).toMatchObject({ kind: 'add', scheduleId: 'sch_1' });
    expect(draftOfStretch([], 'x', 21, 29)).toMatchObject({ kind: 'add', scheduleId: 'x' });
  });
});

describe('an edge that is moved', () => {
  const [mine, next] = [block('a', 0, 10), block('b', 10, 20)];

  it('gives what is cut off to the neighbour', () => {
    expect(draftOfEdge(mine, 'end', 6, next)).toMatchObject({
      kind: 'replace',
      personId: 'a',
      byId: 'b',
      startMs: 6,
      endMs: 10,
    });
  });

  it('takes what is won from the neighbour, and adds it where there is none', () => {
    expect(draftOfEdge(mine, 'end', 14, next)).toMatchObject({
      personId: 'b',
      byId: 'a',
      startMs: 10,
      endMs: 14,
    });
    expect(draftOfEdge(mine, 'end', 14, undefined)).toMatchObject({ kind: 'add', byId: 'a' });
  });

  it('leaves the cut open where the neighbour is a hole, and is nothing when it did not move', () => {
    expect(draftOfEdge(next, 'end', 15, gap(20, 30))).toMatchObject({ personId: 'b', byId: undefined });
    expect(draftOfEdge(mine, 'start', 0, undefined)).toBeNull();
  });
});

describe('a shift that is handed over', () => {
  it('keeps what is over and gives what is left', () => {
    const shift = block('a', 0, 600_000);
    expect(handOver(shift, 'b', 90_000)).toMatchObject({
      personId: 'a',
      byId: 'b',
      startMs: 120_000,
      endMs: 600_000,
    });
    expect(handOver(shift, 'b', -5)).toMatchObject({ startMs: 0 });
    expect(fromNow({ kind: 'add' }, 5)).toEqual({ kind: 'add' });
  });
});
