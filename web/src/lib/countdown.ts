/** How near a deadline is; the only thing that changes a countdown's colour. */
export type Nearness = 'calm' | 'near' | 'last' | 'due' | 'late';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** Five minutes and two minutes are the console's two thresholds; 0:00 is "due" until the server says what it did. */
export function nearness(leftS: number): Nearness {
  if (leftS <= -MINUTE) return 'late';
  if (leftS <= 0) return 'due';
  if (leftS <= 120) return 'last';
  if (leftS <= 300) return 'near';
  return 'calm';
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** A span as people say it: `m:ss` under an hour, `h h mm min` under a day, `d d h h` over it. */
export function formatSpan(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < HOUR) return `${Math.floor(s / MINUTE)}:${two(s % MINUTE)}`;
  return formatLong(s);
}

/** A span in words, for ages and lateness: `40 s`, `7 min`, `2 h 05 min`, `1 d 5 h`. */
export function formatLong(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) return `${s} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
  if (s < DAY) return `${Math.floor(s / HOUR)} h ${two(Math.floor((s % HOUR) / MINUTE))} min`;
  return `${Math.floor(s / DAY)} d ${Math.floor((s % DAY) / HOUR)} h`;
}

/** The length of a span with fixed ends: `8 h`, `2 h 05 min`. */
export function formatLength(seconds: number): string {
  return formatLong(seconds).replace(/ 00 min$| 0 h$/, '');
}

/** What a countdown shows: the time left, `due` at zero, then how late it is. */
export function formatCountdown(leftS: number): string {
  const near = nearness(leftS);
  if (near === 'due') return 'due';
  if (near === 'late') return `${formatLong(-leftS)} late`;
  return formatSpan(Math.ceil(leftS));
}

/** The share of the whole that is left, 0 to 1; an unknown or empty whole counts as used up. */
export function shareLeft(leftS: number, wholeS: number): number {
  if (!(wholeS > 0)) return 0;
  return Math.min(1, Math.max(0, leftS / wholeS));
}

/** The moments at which a screen reader is told, in seconds left. */
const SPOKEN = [300, 120, 30];

/** The announcement due when a countdown passes from `before` to `now` seconds left, if any. */
export function spoken(before: number, now: number, sentence: string): string | null {
  const passed = SPOKEN.find((at) => before > at && now <= at);
  return passed === undefined ? null : `In ${formatLong(passed)}: ${sentence}`;
}
