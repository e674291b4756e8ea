import type { TodayPoint } from '@/api/types';

/** Points of one lane that are nearer than this many px are drawn as one mark with their count. */
const NEAR_PX = 9;

/** A count from which a mark becomes a labelled block: a storm. */
export const STORM = 20;

export interface StripMark {
  key: string;
  x: number;
  endX: number;
  severity: string;
  count: number;
  title: string;
  alertId: string;
  atUs: number;
}

/** Worse severities sort first: sev1 before sev4. */
function worse(a: string, b: string): string {
  return a <= b ? a : b;
}

/**
 * Marks of one lane, left to right. Points that would overlap become one mark with the worst severity
 * and the exact sum, so that a storm of a million signals is one block and not a million circles.
 */
export function marksOf(points: readonly TodayPoint[], xOf: (us: number) => number): StripMark[] {
  const sorted = points.toSorted((a, b) => a.at_us - b.at_us);
  const marks: StripMark[] = [];
  for (const point of sorted) {
    const x = xOf(point.at_us);
    const last = marks.at(-1);
    if (last && x - last.endX < NEAR_PX) {
      if (point.severity < last.severity) {
        last.title = point.title;
        last.alertId = point.alert_id;
      }
      last.severity = worse(point.severity, last.severity);
      last.count += point.count;
      last.endX = x;
    } else {
      const { severity, count, title } = point;
      marks.push({
        key: `${point.alert_id} ${point.at_us}`,
        x,
        endX: x,
        severity,
        count,
        title,
        alertId: point.alert_id,
        atUs: point.at_us,
      });
    }
  }
  return marks;
}

/** Full hours between two instants, in ms, thinned so that at most `most` are given. */
export function hourTicks(fromMs: number, toMs: number, most: number): number[] {
  const hour = 3_600_000;
  const hours = Math.max(1, Math.round((toMs - fromMs) / hour));
  const step = [1, 2, 3, 4, 6, 12, 24].find((each) => hours / each <= most) ?? 24;
  const ticks: number[] = [];
  for (let at = fromMs; at <= toMs; at += step * hour) ticks.push(at);
  return ticks;
}
