import { isoDay, startOfDay } from '@/lib/time';
import { type Block, overlaps } from './calendar';

/** The share of a duty's hours at which the coverage check warns, and at which it fails. */
export const shareLimits = { warn: 0.25, fail: 0.33 } as const;

/** Over a shorter span a share says nothing; an hour is left for a change of the clocks. */
export const shareCountsMs = 28 * 86_400_000 - 3_600_000;

/** Rest between two duties under which a person should not be asked. */
export const restLimitH = 11;

const HOUR = 3_600_000;
/** A night or a weekend counts with this much duty in it; the coverage check counts them alike. */
const dutyCountsMs = 3 * HOUR;

/** What a person carries in a span. */
export interface Load {
  personId: string;
  name: string;
  hours: number;
  /** Nights (23:00 to 07:00) with three hours of duty or more. */
  nights: number;
  /** Weekends with three hours of duty or more. */
  weekends: number;
  /** Of all hours of the same duty, 0 to 1. */
  share: number;
}

interface Stretch {
  startMs: number;
  endMs: number;
}

function clipTo(block: Stretch, fromMs: number, toMs: number): Stretch {
  return { startMs: Math.max(block.startMs, fromMs), endMs: Math.min(block.endMs, toMs) };
}

/** The days of a stretch in a zone, each with its midnight and the next one. */
function daysOf(stretch: Stretch, zone: string, before: number): { startMs: number; endMs: number }[] {
  const days: { startMs: number; endMs: number }[] = [];
  let startMs = startOfDay(stretch.startMs, zone, -before);
  while (startMs < stretch.endMs) {
    const endMs = startOfDay(startMs, zone, 1);
    days.push({ startMs, endMs });
    startMs = endMs;
  }
  return days;
}

/** Adds up, by a name that `nameOf` gives each day, how long stretches last within the window of that day. */
function enough(
  stretches: readonly Stretch[],
  zone: string,
  windowOf: (day: Stretch) => { name: string; window: Stretch } | null,
): number {
  const lasted = new Map<string, number>();
  for (const stretch of stretches) {
    for (const day of daysOf(stretch, zone, 1)) {
      const found = windowOf(day);
      if (!found) continue;
      const inside = clipTo(stretch, found.window.startMs, found.window.endMs);
      const length = Math.max(0, inside.endMs - inside.startMs);
      lasted.set(found.name, (lasted.get(found.name) ?? 0) + length);
    }
  }
  return [...lasted.values()].filter((ms) => ms >= dutyCountsMs).length;
}

/** Nights (23:00 to 07:00) with duty that counts; a night is named after the day on which it begins. */
function nightsOf(stretches: readonly Stretch[], zone: string): number {
  return enough(stretches, zone, (day) => ({
    name: isoDay(day.startMs, zone),
    window: { startMs: day.endMs - HOUR, endMs: day.endMs + 7 * HOUR },
  }));
}

/** Weekends (Saturday 07:00 to Monday 00:00) with duty that counts, named after their Saturday. */
function weekendsOf(stretches: readonly Stretch[], zone: string): number {
  return enough(stretches, zone, (day) => {
    const date = isoDay(day.startMs, zone);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday === 6) return { name: date, window: { startMs: day.startMs + 7 * HOUR, endMs: day.endMs } };
    return weekday === 0 ? { name: isoDay(startOfDay(day.startMs, zone, -1), zone), window: day } : null;
  });
}

/** Hours, nights and weekends by person in `[fromMs, toMs)`; shadows and gaps carry nothing. */
export function loadsOf(blocks: readonly Block[], fromMs: number, toMs: number, zone: string): Load[] {
  const byPerson = new Map<string, { name: string; stretches: Stretch[] }>();
  for (const block of blocks) {
    if (block.gap || block.shadow || !overlaps(block, { startMs: fromMs, endMs: toMs })) continue;
    const own = byPerson.get(block.personId) ?? { name: block.name, stretches: [] };
    own.stretches.push(clipTo(block, fromMs, toMs));
    byPerson.set(block.personId, own);
  }
  const hoursOf = (stretches: readonly Stretch[]) =>
    stretches.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / HOUR, 0);
  const whole = [...byPerson.values()].reduce((sum, { stretches }) => sum + hoursOf(stretches), 0);
  return [...byPerson].map(([personId, { name, stretches }]) => ({
    personId,
    name,
    hours: hoursOf(stretches),
    nights: nightsOf(stretches, zone),
    weekends: weekendsOf(stretches, zone),
    share: whole > 0 ? hoursOf(stretches) / whole : 0,
  }));
}

/** The heaviest first; equal loads by name, so that rows do not move between looks. */
export function heaviestFirst(loads: readonly Load[]): Load[] {
  return loads.toSorted((a, b) => b.hours - a.hours || a.name.localeCompare(b.name));
}

export type LoadTone = 'ok' | 'warn' | 'bad';

/** How a share of one duty's hours stands to the limits. */
export function toneOf(share: number): LoadTone {
  if (share >= shareLimits.fail) return 'bad';
  return share >= shareLimits.warn ? 'warn' : 'ok';
}
