import type { Oncall } from '@/api/types';

export interface OwnShift {
  key: string;
  schedule: string;
  source: string;
  startMs: number;
  endMs: number;
  overridden: boolean;
}

/** The shifts of one person that are not over, by their beginning. */
export function ownShifts(oncall: Oncall, person: string, nowMs: number): OwnShift[] {
  const shifts = oncall.schedules.flatMap((schedule) =>
    schedule.shifts
      .filter((shift) => shift.people.some(({ person_id }) => person_id === person))
      .map((shift) => ({
        key: `${schedule.id} ${shift.start_us}`,
        schedule: schedule.name,
        source: shift.source,
        startMs: shift.start_us / 1000,
        endMs: shift.end_us / 1000,
        overridden: shift.overridden,
      })),
  );
  return shifts.filter((shift) => shift.endMs > nowMs).toSorted((a, b) => a.startMs - b.startMs);
}
