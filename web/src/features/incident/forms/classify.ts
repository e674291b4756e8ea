import type { ClassifyRequest, Incident } from '@/api/types';
import { type Severity, severity } from '@/ui/severity';

/** The form as it stands. */
export interface Draft {
  severity: Severity;
  customer_facing: boolean;
  company_wide: boolean;
  contained: boolean;
  disposition: string | null;
  reason: string;
}

/** The form that changes nothing. */
export function draftOf(incident: Incident): Draft {
  return {
    severity: severity(incident.severity),
    customer_facing: incident.customer_facing,
    company_wide: incident.company_wide,
    contained: incident.contained_us !== null,
    disposition: incident.disposition,
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
  if (Object.keys(body).length > 0 && draft.reason) body.reason = draft.reason;
  return body;
}

/** Who this judgement engages at once, before it is sent. */
export function engages(draft: Pick<Draft, 'severity' | 'customer_facing' | 'company_wide'>): string {
  if (draft.company_wide) return 'Engages L1, L2, L3 and Executive at once.';
  if (draft.severity === 'sev1' || draft.customer_facing) return 'Engages L1, L2 and L3 at once.';
  if (draft.severity === 'sev2') return 'Engages L1 and L2 at once.';
  return 'L1 holds it.';
}
