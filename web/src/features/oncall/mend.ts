import type { Finding, Schedule } from '@/api/types';
import type { OverrideDraft } from './override';

/** The schedule that a finding is about: named by it, or called after its level. */
function scheduleOf(finding: Finding, schedules: readonly Schedule[]): Schedule | undefined {
  if (finding.schedule_id) return schedules.find(({ id }) => id === finding.schedule_id);
  const level = finding.level?.toLowerCase();
  return schedules.find(
    ({ id, name }) => level && [id, name].some((word) => word.toLowerCase().startsWith(level)),
  );
}

/** Nobody is reached, a step falls through, somebody who is away is on call: each at one time. */
const MENDED_BY_OVERRIDE = new Set(['COV-1', 'COV-3', 'COV-15']);

/** The change that would mend a finding, when an override can: the form opens with it. */
export function mendOf(finding: Finding, schedules: readonly Schedule[]): OverrideDraft | null {
  if (!MENDED_BY_OVERRIDE.has(finding.rule) || !finding.start_us || !finding.end_us) return null;
  const scheduleId = scheduleOf(finding, schedules)?.id;
  const span = { startMs: finding.start_us / 1000, endMs: finding.end_us / 1000 };
  const reason = `Mends ${finding.rule}`;
  if (finding.person_id && scheduleId) {
    return { kind: 'replace', scheduleId, personId: finding.person_id, ...span, reason };
  }
  return scheduleId ? { kind: 'add', scheduleId, ...span, reason } : null;
}
