import { expect, test } from 'vitest';
import { blockedBy, filled, matchersOf, matcherText } from './matchers';

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
