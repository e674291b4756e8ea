import type { ClassifyRequest, Disposition, Incident, Policy } from '@/api/types';
import { levelName } from '@/lib/lamp';
import { listOf } from '@/lib/names';
import { type Severity, severity } from '@/ui/severity';
import { type FactValue, guardHolds } from '../when';

/** The form as it stands. */
export interface Draft {
  severity: Severity;
  customer_facing: boolean;
  company_wide: boolean;
  contained: boolean;
  disposition: Disposition | null;
  facts: Record<string, FactValue>;
  reason: string;
}

/** The form that changes nothing. */
export function draftOf(incident: Incident): Draft {
  const facts = Object.entries(incident.facts).filter(([, value]) =>
    ['boolean', 'number'].includes(typeof value),
  );
  return {
    severity: severity(incident.severity),
    customer_facing: incident.customer_facing,
    company_wide: incident.company_wide,
    contained: Boolean(incident.contained_us),
    disposition: incident.disposition ?? null,
    facts: Object.fromEntries(facts) as Record<string, FactValue>,
    reason: '',
  };
}

/** Only what was changed is sent, so that two people classifying at once do not undo each other. */
export function changesOf(incident: Incident, draft: Draft): ClassifyRequest {
  const was = draftOf(incident);
  const body: ClassifyRequest = {};
  if (draft.severity !== was.severity) body.severity = draft.severity;
  if (draft.customer_facing !== was.customer_facing) body.customer_facing = draft.customer_facing;
  if (draft.company_wide !== was.company_wide) body.company_wide = draft.company_wide;
  if (draft.contained !== was.contained) body.contained = draft.contained;
  if (draft.disposition !== was.disposition && draft.disposition) body.disposition = draft.disposition;
  const facts = Object.entries(draft.facts).filter(([name, value]) => value !== (was.facts[name] ?? false));
  if (facts.length > 0) body.facts = Object.fromEntries(facts);
  if (Object.keys(body).length > 0 && draft.reason) body.reason = draft.reason;
  return body;
}

/** Who this judgement engages at once by the policy, before it is sent: a level engages all below it. */
export function engages(draft: Omit<Draft, 'contained' | 'reason'>, policy: Policy | undefined): string {
  const levels = policy?.levels ?? [];
  const highest = levels.findLastIndex((level) => level.when.some((guard) => guardHolds(guard, draft)));
  if (highest < 1) return 'Engages no further level by itself.';
  return `Engages ${listOf(levels.slice(0, highest + 1).map((level) => levelName(level.level)))} at once.`;
}
