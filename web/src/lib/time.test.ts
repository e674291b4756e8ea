import { describe, expect, it } from 'vitest';
import {
  clock,
  day,
  fromWall,
  fromWallField,
  instant,
  isoWeek,
  range,
  startOfDay,
  startOfWeek,
  toWallField,
  utc,
  zoneName,
} from './time';

const zone = 'Europe/Stockholm';
const noon = Date.UTC(2026, 9, 15, 8, 42, 18);

describe('an instant', () => {
  it("is read in the viewer's zone and names it", () => {
    expect(instant(noon, zone, noon)).toBe('10:42 CEST');
    expect(clock(noon, zone, true)).toBe('10:42:18');
    expect(zoneName(Date.UTC(2026, 10, 15), zone)).toBe('CET');
  });

  it('carries its weekday when it is not today', () => {
    expect(instant(Date.UTC(2026, 9, 20, 20), zone, noon)).toBe('Tue 20 Oct 22:00 CEST');
    expect(day(noon, zone)).toBe('Thu 15 Oct');
  });

  it('has its UTC beside it as evidence', () => {
    expect(utc(noon)).toBe('2026-10-15 08:42:18.000 UTC');
  });

  it('spans to an end on another day', () => {
    const words = range(Date.UTC(2026, 9, 20, 20), Date.UTC(2026, 9, 21, 4), zone);
    expect(words).toBe('Tue 20 Oct 22:00 to Wed 21 Oct 06:00 CEST');
    expect(range(noon, noon + 3_600_000, zone)).toBe('Thu 15 Oct 10:42 to 11:42 CEST');
    const year = range(Date.UTC(2026, 10, 23, 14), Date.UTC(2027, 10, 23, 14), 'UTC');
    expect(year).toBe('Mon 23 Nov 2026 14:00 to Tue 23 Nov 2027 14:00 UTC');
  });
});

describe('a wall clock', () => {
  it('is the inverse of reading it', () => {
    expect(fromWall(2026, 10, 15, 10, 42, zone)).toBe(Date.UTC(2026, 9, 15, 8, 42));
    expect(fromWallField(toWallField(noon, zone), zone)).toBe(Date.UTC(2026, 9, 15, 8, 42));
    expect(fromWallField('yesterday', zone)).toBeNull();
  });

  it('is pushed forward out of the hour that does not exist', () => {
    expect(fromWall(2026, 3, 29, 2, 30, zone)).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });

  it('works in zones with half hours', () => {
    expect(fromWall(2026, 1, 1, 0, 0, 'Asia/Kolkata')).toBe(Date.UTC(2025, 11, 31, 18, 30));
  });
});

describe('days and weeks', () => {
  it('start at midnight, also across a change of the clocks', () => {
    const sunday = startOfDay(Date.UTC(2026, 9, 25, 12), zone);
    expect(startOfDay(sunday, zone, 1) - sunday).toBe(25 * 3_600_000);
  });

  it('start on Monday', () => {
    expect(day(startOfWeek(noon, zone), zone)).toBe('Mon 12 Oct');
    expect(startOfWeek(startOfWeek(noon, zone), zone)).toBe(startOfWeek(noon, zone));
  });

  it('are numbered by ISO 8601', () => {
    expect(isoWeek(noon, zone)).toBe(42);
    expect(isoWeek(Date.UTC(2027, 0, 1, 12), zone)).toBe(53);
  });
});
