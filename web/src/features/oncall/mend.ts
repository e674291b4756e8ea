import type { Finding, Schedule } from '@/api/types';
import type { OverrideDraft } from './override';

/** The schedule that a finding is about: named by it, or called after its level. */
function scheduleOf(finding: Finding, schedules: readonly Schedule[]): Schedule | undefined {
  const level = finding.level?.toLowerCase();
  return schedules.find(
    ({ id, name }) => level && [id, name].some((word) => word.toLowerCase().startsWith(level)),
  );
}

/** The change that would mend a finding, when an override can: the form opens with it. */
export function mendOf(finding: Finding, schedules: readonly Schedule[]): OverrideDraft | null {
  if (!finding.start_us || !finding.end_us) return null;
  const scheduleId = scheduleOf(finding, schedules)?.id;
  const span = { startMs: finding.start_us / 1000, endMs: finding.end_us / 1000 };
  const reason = `Mends ${finding.rule}`;
  if (finding.person_id && scheduleId) {
    return { kind: 'replace', scheduleId, personId: finding.person_id, ...span, reason };
  }
  return scheduleId ? { kind: 'add', scheduleId, ...span, reason } : null;
}
