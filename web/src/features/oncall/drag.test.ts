import { describe, expect, it } from 'vitest';
import type { Row } from './calendar';
import { draftOfDrag, gripOf, neighbourOf, stretchOf } from './drag';
import { block, gap } from './testing';

const [mine, next, hole] = [block('a', 0, 10), block('b', 10, 20), gap(20, 30)];
const row: Row = {
  key: 'L1',
  label: 'L1',
  kind: 'level',
  lanes: [[mine, next, hole]],
  standing: false,
  scheduleIds: ['sch_1'],
};
const all = [mine, next, hole];
const down = { row, lane: 0, block: mine, edge: undefined, atMs: 2 };

describe('a pointer', () => {
  it('draws when it goes sideways and carries when it goes up or down', () => {
    expect(gripOf(down, 6, 2)).toMatchObject({ kind: 'stretch', fromMs: 2 });
    expect(gripOf(down, 2, 6)).toMatchObject({ kind: 'move', block: mine });
    expect(gripOf({ ...down, edge: 'end' }, 6, 0)).toMatchObject({ kind: 'edge', edge: 'end' });
  });

  it('draws over a hole whichever way it goes, and leaves standing duties alone', () => {
    expect(gripOf({ ...down, block: hole }, 0, 9)).toMatchObject({ kind: 'stretch' });
    expect(gripOf({ ...down, block: block('a', 0, 10, { scheduleId: null }) }, 9, 0)).toBeNull();
  });

  it('never moves an edge past the other one', () => {
    const end = { kind: 'edge', row, lane: 0, block: next, edge: 'end' } as const;
    expect(stretchOf(end, 5)).toEqual({ startMs: 10, endMs: 20 });
    expect(stretchOf({ ...end, edge: 'start' }, 25)).toEqual({ startMs: 10, endMs: 20 });
    expect(stretchOf({ kind: 'stretch', row, lane: 0, fromMs: 8 }, 3)).toEqual({ startMs: 3, endMs: 8 });
  });
});

describe('letting go', () => {
  const at = { x: 0, y: 0, onto: null };

  it('over a person replaces whoever was on call, over the same one changes nothing', () => {
    const grip = { kind: 'move', row, lane: 0, block: next } as const;
    const onto = (id: string) =>
      draftOfDrag({ ...at, grip, startMs: 10, endMs: 20, onto: { id, name: id } }, all, 0);
    expect(onto('c')).toMatchObject({ kind: 'replace', personId: 'b', byId: 'c', startMs: 10, endMs: 20 });
    expect(onto('b')).toBeNull();
    expect(draftOfDrag({ ...at, grip, startMs: 10, endMs: 20 }, all, 0)).toBeNull();
  });

  it('of an edge gives the cut to whoever is next', () => {
    const grip = { kind: 'edge', row, lane: 0, block: mine, edge: 'end' } as const;
    expect(draftOfDrag({ ...at, grip, startMs: 6, endMs: 10 }, all, 0)).toMatchObject({
      byId: 'b',
      startMs: 6,
    });
    expect(neighbourOf(all, mine, 'start')).toBeUndefined();
  });

  it("of a stretch on somebody's own line has them take it, a hole first", () => {
    const own: Row = { ...row, kind: 'person', personId: 'c', lanes: [], scheduleIds: [] };
    const drawn = (startMs: number, endMs: number) =>
      draftOfDrag(
        { ...at, grip: { kind: 'stretch', row: own, lane: 0, fromMs: startMs }, startMs, endMs },
        all,
        0,
      );
    expect(drawn(18, 28)).toMatchObject({
      kind: 'add',
      byId: 'c',
      startMs: 20,
      endMs: 28,
      scheduleId: 'sch_1',
    });
    expect(drawn(2, 8)).toMatchObject({ kind: 'fixed', byId: 'c', startMs: 2, endMs: 8 });
  });

  it('where it began changes nothing', () => {
    const grip = { kind: 'stretch', row, lane: 0, fromMs: 4 } as const;
    expect(draftOfDrag({ ...at, grip, startMs: 4, endMs: 4 }, all, 0)).toBeNull();
  });
});
