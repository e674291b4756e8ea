import { describe, expect, it } from 'vitest';
import { clip, clockChanges, instantAt, midnights, moved, placeIn, snap, snapWall, stripsOf } from './span';

const zone = 'Europe/Stockholm';
const HOUR = 3_600_000;
const days = midnights(Date.UTC(2026, 9, 18, 22), 7, zone);

describe('a week', () => {
  it('has seven columns, one of them 25 hours long', () => {
    const hours = days.slice(1).map((end, at) => (end - (days[at] ?? 0)) / HOUR);
    expect(hours).toEqual([24, 24, 24, 24, 24, 24, 25]);
  });

  it('gives each day the same width, however long it is', () => {
    expect(placeIn(days, days[6] ?? 0)).toBeCloseTo(6 / 7);
    expect(placeIn(days, (days[6] ?? 0) + 12.5 * HOUR)).toBeCloseTo(6.5 / 7);
    expect(placeIn(days, 0)).toBe(0);
    expect(placeIn(days, Number.MAX_SAFE_INTEGER)).toBe(1);
  });

  it('finds the instant of each place again, also on the long day', () => {
    for (const ms of [days[0] ?? 0, (days[2] ?? 0) + 5 * HOUR, (days[6] ?? 0) + 20 * HOUR]) {
      expect(instantAt(days, placeIn(days, ms))).toBeCloseTo(ms, -1);
    }
    expect(instantAt(days, -1)).toBe(days[0]);
    expect(instantAt(days, 2)).toBe(days[7]);
  });

  it('clips a shift to itself and leaves out the others', () => {
    const [start = 0, , third = 0] = days;
    expect(clip({ startMs: start - 5, endMs: third }, days)).toEqual({ left: 0, width: 2 / 7 });
    expect(clip({ startMs: 0, endMs: start }, days)).toBeNull();
  });
});

describe('a span', () => {
  const thursday = Date.UTC(2026, 9, 15, 8);

  it('shows one day, or whole weeks from the Monday before', () => {
    expect(stripsOf('day', thursday, zone)).toEqual([midnights(Date.UTC(2026, 9, 14, 22), 1, zone)]);
    expect(stripsOf('month', thursday, zone)).toHaveLength(4);
    expect(stripsOf('quarter', thursday, zone)).toHaveLength(13);
    expect(stripsOf('week', thursday, zone)[0]?.[0]).toBe(Date.UTC(2026, 9, 11, 22));
  });

  it('has strips that follow each other without a gap, through a clock change', () => {
    const strips = stripsOf('quarter', thursday, zone);
    strips.slice(1).forEach((strip, at) => {
      expect(strip[0]).toBe(strips[at]?.at(-1));
    });
  });

  it('moves on by its own length, on the wall clock', () => {
    expect(moved('day', thursday, zone, 1)).toBe(Date.UTC(2026, 9, 15, 22));
    expect(moved('fortnight', thursday, zone, 1)).toBe(Date.UTC(2026, 9, 25, 23));
    expect(moved('fortnight', moved('fortnight', thursday, zone, 1), zone, -1)).toBe(
      Date.UTC(2026, 9, 11, 22),
    );
  });
});

describe('an instant that is dragged to', () => {
  const noon = Date.UTC(2026, 9, 15, 10);

  it('settles on the wall clock, also where the offset is not whole hours', () => {
    expect(snapWall(noon + 7 * 60_000, 15, zone)).toBe(noon);
    expect(snapWall(noon + 8 * 60_000, 15, zone)).toBe(noon + 15 * 60_000);
    expect(snapWall(noon, 60, 'Asia/Kathmandu')).toBe(noon + 15 * 60_000);
  });

  it('catches the edge of a shift that is near', () => {
    const edges = [noon + 20 * 60_000, noon + 26 * 60_000];
    const at = noon + 24 * 60_000;
    expect(snap(at, { minutes: 60, zone, edges, reachMs: 5 * 60_000 })).toBe(edges[1]);
    expect(snap(at, { minutes: 60, zone, edges, reachMs: 60_000 })).toBe(noon);
  });
});

describe('a change of the clocks', () => {
  it('is found to the minute, and none where there is none', () => {
    expect(clockChanges(days[0] ?? 0, days[7] ?? 0, zone)).toEqual([Date.UTC(2026, 9, 25, 1)]);
    expect(clockChanges(days[0] ?? 0, days[7] ?? 0, 'UTC')).toEqual([]);
    expect(clockChanges(Date.UTC(2026, 2, 23), Date.UTC(2026, 2, 30), zone)).toEqual([
      Date.UTC(2026, 2, 29, 1),
    ]);
  });
});
