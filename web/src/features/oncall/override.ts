import type { OverrideRequest } from '@/api/types';
import type { Block } from './calendar';

export type OverrideKind = 'add' | 'remove' | 'replace';

/** What the form starts with: a gap to cover, a shift to hand over, or nothing. */
export interface OverrideDraft {
  kind: OverrideKind;
  scheduleId?: string;
  personId?: string;
  startMs?: number;
  endMs?: number;
}

/** The form as it stands, times as the wall clock shows them. */
export interface Fields {
  kind: OverrideKind;
  schedule: string | null;
  person: string | null;
  by: string | null;
  start: string;
  end: string;
  reason: string;
}

/** Why the form cannot be sent yet, in the order of its fields. */
export function blockedBy(fields: Fields, startMs: number | null, endMs: number | null): string | null {
  if (!fields.schedule) return 'Choose a schedule.';
  if (fields.kind !== 'add' && !fields.person) return 'Choose who is taken off.';
  if (fields.kind !== 'remove' && !fields.by) return 'Choose who takes it.';
  if (startMs === null || endMs === null) return 'Both times are needed.';
  if (endMs <= startMs) return 'The end is before the start.';
  return fields.reason.trim() ? null : 'A reason is needed.';
}

/** The body as the API takes it: for `add` the one person is the one who is added. */
export function bodyOf(fields: Fields, startMs: number, endMs: number): OverrideRequest {
  const person = fields.kind === 'add' ? fields.by : fields.person;
  return {
    kind: fields.kind,
    person_id: person ?? undefined,
    by_person_id: fields.kind === 'replace' ? (fields.by ?? undefined) : undefined,
    start_us: startMs * 1000,
    end_us: endMs * 1000,
    reason: fields.reason,
  };
}

/** What choosing a block offers: cover for a gap, a replacement for a person. */
export function draftOf(block: Block): OverrideDraft {
  return {
    kind: block.gap ? 'add' : 'replace',
    scheduleId: block.scheduleId ?? undefined,
    personId: block.personId || undefined,
    startMs: block.startMs,
    endMs: block.endMs,
  };
}
