import type { BoardLevel, Finding } from '@/api/types';

/** Worst first: a gap with a time comes before a person without a channel; the nearest gap first. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => (finding.start_us ? 0 : 1);
  return findings.toSorted((a, b) => rank(a) - rank(b) || (a.start_us ?? 0) - (b.start_us ?? 0));
}

/** `Today has a gap.`, `The next 7 days have a gap.`, by how near it is. */
export function gapTitle(startMs: number, nowMs: number): string {
  const hours = (startMs - nowMs) / 3_600_000;
  if (hours <= 0) return 'There is a gap now.';
  if (hours < 24) return 'The next 24 hours have a gap.';
  if (hours < 7 * 24) return 'The next seven days have a gap.';
  return 'A gap is coming.';
}

/** A level is held by nobody when none of its people can be reached. */
export function nobody(level: BoardLevel): boolean {
  return !level.people.some((person) => person.reachable);
}
