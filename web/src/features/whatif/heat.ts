import type { WhatIfSweep } from '@/api/types';
import { startOfDay } from '@/lib/time';

const HOUR_MS = 3_600_000;
const MINUTE_US = 60_000_000;

/** How long it takes until a human answers, in the five steps that the strip has. */
export type Heat = 0 | 1 | 2 | 3 | 4;

/** What each step of the strip means. */
export const heatWords: readonly string[] = [
  'under 5 min',
  '5 to 15 min',
  '15 to 30 min',
  'over 30 min',
  'nobody',
];

/** The step of a time to a human; null is nobody. */
export function heatOf(toHumanUs: number | null): Heat {
  if (toHumanUs === null) return 4;
  if (toHumanUs < 5 * MINUTE_US) return 0;
  if (toHumanUs < 15 * MINUTE_US) return 1;
  return toHumanUs < 30 * MINUTE_US ? 2 : 3;
}

/** One hour of the strip. */
export interface HeatCell {
  /** The day it is drawn in, from 0. */
  day: number;
  /** From the day's midnight, as a share of the day, which may have 23 or 25 hours. */
  top: number;
  height: number;
  /** The moment of the hour at which it is that bad. */
  atMs: number;
  toHumanUs: number | null;
  heat: Heat;
}

/** The days of a sweep, by their midnights, with the end of the last one. */
export function daysOf(sweep: WhatIfSweep, zone: string): number[] {
  const days = [];
  for (let ms = startOfDay(sweep.from_us / 1000, zone); ms < sweep.to_us / 1000; ms = startOfDay(ms, zone, 1))
    days.push(ms);
  const last = days.at(-1);
  return last === undefined ? [] : [...days, startOfDay(last, zone, 1)];
}

/** Every hour as a cell of its day. */
export function cellsOf(sweep: WhatIfSweep, days: readonly number[]): HeatCell[] {
  let day = 0;
  return sweep.hours.map((hour, at) => {
    const startMs = sweep.from_us / 1000 + at * HOUR_MS;
    while (startMs >= (days[day + 1] ?? Number.POSITIVE_INFINITY)) day += 1;
    const midnight = days[day] ?? startMs;
    const length = (days[day + 1] ?? midnight + 24 * HOUR_MS) - midnight;
    return {
      day,
      top: (startMs - midnight) / length,
      height: HOUR_MS / length,
      atMs: hour.at_us / 1000,
      toHumanUs: hour.to_human_us,
      heat: heatOf(hour.to_human_us),
    };
  });
}

/** The cell under a point of the strip, both shares from 0 to 1. */
export function cellAt(cells: readonly HeatCell[], days: number, x: number, y: number): HeatCell | undefined {
  const day = Math.min(days - 1, Math.max(0, Math.floor(x * days)));
  return cells.find((cell) => cell.day === day && y >= cell.top && y < cell.top + cell.height + 1e-9);
}
