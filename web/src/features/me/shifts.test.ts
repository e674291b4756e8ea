import { expect, test } from 'vitest';
import type { Oncall } from '@/api/types';
import { ownShifts } from './shifts';

const shift = (start: number, end: number, person: string, overridden = false) => ({
  start_us: start * 1000,
  end_us: end * 1000,
  people: [{ person_id: person, name: person }],
  source: 'nights',
  overridden,
  nobody: null,
});

const oncall = {
  schedules: [
    {
      id: 'l1',
      name: 'L1',
      shifts: [shift(0, 10, 'elif'), shift(10, 20, 'bo'), shift(20, 30, 'elif', true)],
    },
    { id: 'l2', name: 'L2', shifts: [shift(5, 25, 'elif')] },
  ],
} as unknown as Oncall;

test('only shifts of the person that are not over are listed, the next one first', () => {
  expect(
    ownShifts(oncall, 'elif', 10).map(({ schedule, startMs, overridden }) => [schedule, startMs, overridden]),
  ).toEqual([
    ['L2', 5, false],
    ['L1', 20, true],
  ]);
});
