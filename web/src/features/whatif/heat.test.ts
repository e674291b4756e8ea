import { expect, test } from 'vitest';
import type { WhatIfSweep } from '@/api/types';
import { cellAt, cellsOf, daysOf, heatOf } from './heat';

const HOUR_US = 3_600_000_000;

function sweep(from: string, hours: number): WhatIfSweep {
  const from_us = Date.parse(from) * 1000;
  return {
    from_us,
    to_us: from_us + hours * HOUR_US,
    hours: Array.from({ length: hours }, (_, at) => ({
      at_us: from_us + at * HOUR_US,
      to_human_us: 0,
      answered_by: 'ann',
    })),
    shares: [],
    worst: null,
    played: 1,
  };
}

test('a day with 25 hours has 25 cells and the next one begins at its midnight', () => {
  const found = sweep('2026-10-23T22:00:00Z', 24 * 3);
  const days = daysOf(found, 'Europe/Stockholm');
  const cells = cellsOf(found, days);
  const per = [0, 1, 2].map((day) => cells.filter((cell) => cell.day === day).length);
  expect(per).toEqual([24, 25, 23]);
  expect(cells.find((cell) => cell.day === 2)?.top).toBe(0);
});

test('a point of the strip is an hour of a day', () => {
  const found = sweep('2026-09-01T00:00:00Z', 48);
  const cells = cellsOf(found, daysOf(found, 'UTC'));
  const at = (x: number, y: number) => new Date(cellAt(cells, 2, x, y)?.atMs ?? 0).toISOString().slice(0, 16);
  expect(at(0.1, 0.01)).toBe('2026-09-01T00:00');
  expect(at(0.9, 0.52)).toBe('2026-09-02T12:00');
  expect(at(1, 0.999)).toBe('2026-09-02T23:00');
});

test('nobody is worse than any time', () => {
  expect([0, 5, 15, 30].map((minutes) => heatOf(minutes * 60_000_000))).toEqual([0, 1, 2, 3]);
  expect(heatOf(null)).toBe(4);
});
