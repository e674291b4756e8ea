import { expect, test } from 'vitest';
import {
  blockedBy,
  filled,
  hoursBlocked,
  matchersOf,
  matcherText,
  windowText,
  windowWords,
} from './matchers';

const HOUR = 3_600_000;
const source = { name: 'source', operator: '=~', value: 'db-.*' };

test('a matcher reads as it is written on the command line', () => {
  expect(matcherText(source)).toBe('source=~db-.*');
});

test('an alert is silenced by its sender and its key', () => {
  const matchers = matchersOf({ integration_id: 'prometheus', dedup_key: 'disk/db-7' });
  expect(matchers.map(matcherText)).toEqual(['integration=prometheus', 'dedup_key=disk/db-7']);
});

test('an empty value counts for a label only', () => {
  const empty = { name: 'title', operator: '=', value: '' };
  const label = { name: 'labels.team', operator: '=', value: '' };
  expect(filled([empty, label, source])).toEqual([label, source]);
});

test('the first thing that is missing is said', () => {
  expect(blockedBy([], 'x', 0, HOUR, 0)).toBe('Say which alerts.');
  expect(blockedBy([source], 'x', 0, null, 0)).toBe('Say from when to when.');
  expect(blockedBy([source], 'x', 0, HOUR, 2 * HOUR)).toBe('The end is over.');
  expect(blockedBy([source], 'x', 2 * HOUR, HOUR, 0)).toBe('It must end after it starts.');
  expect(blockedBy([source], 'x', 0, 367 * 24 * HOUR, 0)).toBe('366 days is the most.');
  expect(blockedBy([source], ' ', 0, HOUR, 0)).toBe('A reason is needed.');
  expect(blockedBy([source], 'x', 0, HOUR, 0)).toBe(null);
});

test('a window reads as on the command line, and as people say it', () => {
  const weekend = { days: ['sat', 'sun'], start: '02:00', end: '04:00' };
  expect(windowText(weekend)).toBe('sat,sun 02:00-04:00');
  expect(windowWords(weekend)).toBe('Sat, Sun 02:00–04:00');
  const long = { days: ['fri'], start: '22:00', end: '06:00', end_day: 'mon' };
  expect(windowText(long)).toBe('fri 22:00-mon 06:00');
  expect(windowWords(long)).toBe('Fri 22:00–Mon 06:00');
  const daily = { days: [], start: '00:00', end: '24:00' };
  expect([windowText(daily), windowWords(daily)]).toEqual(['00:00-24:00', 'Every day 00:00–24:00']);
  expect(hoursBlocked([weekend, long, daily])).toBe(null);
  expect(hoursBlocked([{ ...weekend, start: '2:00' }])).toBe('Write hours as in 02:00.');
});
