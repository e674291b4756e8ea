import { startOfDay, startOfWeek, zoneOffsetMs } from '@/lib/time';

/** How much of the calendar is shown at once. */
export const spans = ['day', 'week', 'fortnight', 'month', 'quarter'] as const;
export type Span = (typeof spans)[number];

const MINUTE = 60_000;

/** Weeks that a span shows below each other; a day is part of one. */
const weeksOf: Record<Span, number> = { day: 0, week: 1, fortnight: 2, month: 4, quarter: 13 };

/** Midnights of consecutive days from `fromMs` on: one more than days, as days are not all 24 hours long. */
export function midnights(fromMs: number, count: number, zone: string): number[] {
  return Array.from({ length: count + 1 }, (_, at) => startOfDay(fromMs, zone, at));
}

/** The strips of a span, each with its midnights: one day, or weeks from the Monday before the anchor. */
export function stripsOf(span: Span, anchorMs: number, zone: string): number[][] {
  if (span === 'day') return [midnights(startOfDay(anchorMs, zone), 1, zone)];
  const first = startOfWeek(anchorMs, zone);
  return Array.from({ length: weeksOf[span] }, (_, at) =>
    midnights(startOfDay(first, zone, at * 7), 7, zone),
  );
}

/** The anchor of the span before or after: a whole span further. */
export function moved(span: Span, anchorMs: number, zone: string, steps: number): number {
  if (span === 'day') return startOfDay(anchorMs, zone, steps);
  return startOfDay(startOfWeek(anchorMs, zone), zone, steps * weeksOf[span] * 7);
}

/** Where an instant stands in a strip, 0 to 1; each day has the same width, however long it is. */
export function placeIn(days: readonly number[], ms: number): number {
  const last = days.length - 1;
  for (let at = 0; at < last; at++) {
    const [start, end] = [days[at] ?? 0, days[at + 1] ?? 0];
    if (ms < start) return at / last;
    if (ms < end) return (at + (ms - start) / (end - start)) / last;
  }
  return 1;
}

/** The instant at a place of a strip, the inverse of `placeIn`. */
export function instantAt(days: readonly number[], place: number): number {
  const last = days.length - 1;
  const x = Math.min(1, Math.max(0, place)) * last;
  const at = Math.min(last - 1, Math.floor(x));
  const [start, end] = [days[at] ?? 0, days[at + 1] ?? 0];
  return start + (x - at) * (end - start);
}

/** The part of a stretch that falls into a strip, or null when none does. */
export function clip(
  block: { startMs: number; endMs: number },
  days: readonly number[],
): { left: number; width: number } | null {
  const left = placeIn(days, block.startMs);
  const right = placeIn(days, block.endMs);
  return right > left ? { left, width: right - left } : null;
}

/** The nearest instant at which the wall clock shows a whole multiple of `minutes`. */
export function snapWall(ms: number, minutes: number, zone: string): number {
  const step = minutes * MINUTE;
  const offset = zoneOffsetMs(ms, zone);
  return Math.round((ms + offset) / step) * step - offset;
}

/** The nearest of `edges` when one is within `reachMs`, the wall clock's grid otherwise. */
export function snap(
  ms: number,
  options: { minutes: number; zone: string; edges: readonly number[]; reachMs: number },
): number {
  const near = options.edges.reduce<number | null>((best, edge) => {
    const closer = best === null || Math.abs(edge - ms) < Math.abs(best - ms);
    return Math.abs(edge - ms) <= options.reachMs && closer ? edge : best;
  }, null);
  return near ?? snapWall(ms, options.minutes, options.zone);
}

/** Instants in `(fromMs, toMs)` at which the zone's clocks change, to the minute. */
export function clockChanges(fromMs: number, toMs: number, zone: string): number[] {
  const found: number[] = [];
  for (let at = fromMs; at < toMs; at += 86_400_000) {
    const end = Math.min(at + 86_400_000, toMs);
    if (zoneOffsetMs(at, zone) !== zoneOffsetMs(end, zone)) found.push(changeIn(at, end, zone));
  }
  return found;
}

function changeIn(fromMs: number, toMs: number, zone: string): number {
  const before = zoneOffsetMs(fromMs, zone);
  let [low, high] = [Math.floor(fromMs / MINUTE), Math.ceil(toMs / MINUTE)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffsetMs(middle * MINUTE, zone) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE;
}
