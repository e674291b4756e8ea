import type { BoardLevel, Finding } from '@/api/types';

/** A level that reaches nobody for a while. */
export function isGap(finding: Finding): boolean {
  return finding.rule === 'COV-1' && Boolean(finding.start_us);
}

/** Worst first: gaps, then what fails, then what is weak; the nearest first. What somebody accepted is left out. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => (isGap(finding) ? 0 : finding.severity === 'fail' ? 1 : 2);
  const open = findings.filter((finding) => !finding.accepted);
  return open.toSorted((a, b) => rank(a) - rank(b) || (a.start_us ?? 0) - (b.start_us ?? 0));
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
