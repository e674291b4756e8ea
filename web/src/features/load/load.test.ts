import { expect, test } from 'vitest';
import type { Load, PersonLoad } from '@/api/types';
import { barWords, dutyS, longestS, ordered, workMin } from './load';

const none: Load = {
  weekday_day_s: 0,
  weekday_night_s: 0,
  weekend_s: 0,
  holiday_s: 0,
  nights: 0,
  weekends: 0,
  pages: 0,
  wake_ups: 0,
  work_day_s: 0,
  work_late_s: 0,
  work_sleep_s: 0,
  short_notice: 0,
  weighted_h: 0,
};
const person = (id: string, past: Partial<Load>, planned: Partial<Load> = {}): PersonLoad => ({
  person_id: id,
  name: id,
  past: { ...none, ...past },
  planned: { ...none, ...planned },
});

test('a bar is the sum of its kinds, and says them', () => {
  const load = { ...none, weekday_day_s: 36_000, weekend_s: 7_200 };
  expect(dutyS(load)).toBe(43_200);
  expect(barWords(load)).toBe('Weekday 10 h, Weekend 2 h');
  expect(barWords(none)).toBe('no duty');
});

test('all bars share one scale, planned ones too', () => {
  expect(longestS([person('a', { weekend_s: 100 }), person('b', {}, { weekday_day_s: 300 })])).toBe(300);
  expect(longestS([])).toBe(1);
});

test('the most loaded stand first, by what was and then by what is planned', () => {
  const people = [
    person('a', { weighted_h: 1 }),
    person('b', { weighted_h: 2 }),
    person('c', { weighted_h: 1 }, { weighted_h: 5 }),
  ];
  expect(ordered(people).map((each) => each.person_id)).toEqual(['b', 'c', 'a']);
});

test('work is said in minutes', () => {
  expect(workMin({ ...none, work_day_s: 90, work_sleep_s: 90 })).toBe(3);
});
