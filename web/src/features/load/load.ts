import type { Load, PersonLoad } from '@/api/types';

/** The kinds of duty, in the order in which a bar stacks them. */
export const kinds = [
  { field: 'weekday_day_s', name: 'Weekday', tone: 'day' },
  { field: 'weekday_night_s', name: 'Weekday night', tone: 'night' },
  { field: 'weekend_s', name: 'Weekend', tone: 'weekend' },
  { field: 'holiday_s', name: 'Holiday', tone: 'holiday' },
] as const;

export type Kind = (typeof kinds)[number];

/** Whole hours. */
export function hours(seconds: number): string {
  return Math.round(seconds / 3600).toLocaleString('en');
}

/** Duty of every kind, in seconds. */
export function dutyS(load: Load): number {
  return kinds.reduce((sum, kind) => sum + load[kind.field], 0);
}

/** Work of every kind, in whole minutes. */
export function workMin(load: Load): number {
  return Math.round((load.work_day_s + load.work_late_s + load.work_sleep_s) / 60);
}

/** The longest bar of the chart, in seconds; never 0. */
export function longestS(people: readonly PersonLoad[]): number {
  return people.reduce((most, each) => Math.max(most, dutyS(each.past), dutyS(each.planned)), 1);
}

/** The most loaded first. */
export function ordered(people: readonly PersonLoad[]): PersonLoad[] {
  return people.toSorted(
    (a, b) => b.past.weighted_h - a.past.weighted_h || b.planned.weighted_h - a.planned.weighted_h,
  );
}

/** `Weekday 70 h, Weekend 12 h`: a bar in words. */
export function barWords(load: Load): string {
  const parts = kinds.filter((kind) => load[kind.field] > 0);
  const words = parts.map((kind) => `${kind.name} ${hours(load[kind.field])} h`);
  return words.length > 0 ? words.join(', ') : 'no duty';
}
