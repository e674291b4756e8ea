import { describe, expect, it } from 'vitest';
import type { Severity, TodayPoint } from '@/api/types';
import { gapTitle, worstFirst } from './findings';
import { hourTicks, marksOf } from './strip';

const point = (at_us: number, severity: Severity, count = 1): TodayPoint => ({
  integration_id: 'int_1',
  alert_id: `alt_${at_us}`,
  title: `at ${at_us}`,
  at_us,
  severity,
  count,
});

describe('the strip of alerts', () => {
  it('joins what would overlap, with the worst severity and the exact sum', () => {
    const marks = marksOf([point(100, 'sev4', 3), point(104, 'sev2', 2), point(200, 'sev3')], (us) => us);
    expect(marks).toHaveLength(2);
    expect(marks[0]).toMatchObject({ severity: 'sev2', count: 5, title: 'at 104', alertId: 'alt_104' });
    expect(marks[1]).toMatchObject({ severity: 'sev3', count: 1 });
  });

  it('thins its hours to what fits', () => {
    const day = 24 * 3_600_000;
    expect(hourTicks(0, day, 24)).toHaveLength(25);
    expect(hourTicks(0, day, 5)).toHaveLength(5);
  });
});

describe('the banner', () => {
  const finding = (start_us: number | null) => ({
    key: `COV-1/p/L1@${start_us}`,
    rule: 'COV-1',
    severity: 'fail' as const,
    policy: null,
    level: 'L1' as const,
    step: null,
    schedule_id: null,
    person_id: null,
    person_ids: [],
    spans: [],
    accepted: null,
    start_us,
    end_us: null,
    message: 'm',
    mend: 'n',
  });

  it('shows the nearest gap before anything without a time', () => {
    expect(worstFirst([finding(null), finding(9), finding(3)]).map((each) => each.start_us)).toEqual([
      3,
      9,
      null,
    ]);
  });

  it('leaves out what somebody accepted', () => {
    const accepted = { id: null, author: 'a', author_name: 'A', reason: 'r', until_us: 9 };
    expect(worstFirst([{ ...finding(3), accepted }, finding(9)]).map((each) => each.start_us)).toEqual([9]);
  });

  it('says how near the gap is', () => {
    const hour = 3_600_000;
    expect(gapTitle(0, 1)).toBe('There is a gap now.');
    expect(gapTitle(5 * hour, 0)).toBe('The next 24 hours have a gap.');
    expect(gapTitle(5 * 24 * hour, 0)).toBe('The next seven days have a gap.');
    expect(gapTitle(50 * 24 * hour, 0)).toBe('A gap is coming.');
  });
});
