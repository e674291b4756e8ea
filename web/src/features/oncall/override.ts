import type { OverrideRequest, PreviewRequest } from '@/api/types';
import { type Block, overlaps } from './calendar';

export type OverrideKind = 'add' | 'remove' | 'replace' | 'fixed';

/** What the form starts with: a gap to cover, a shift to hand over, or nothing. */
export interface OverrideDraft {
  kind: OverrideKind;
  scheduleId?: string;
  personId?: string;
  /** Who takes it. */
  byId?: string;
  startMs?: number;
  endMs?: number;
  reason?: string;
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

/** Why the form cannot be sent yet, in the order of its fields; `reason` only when it is about to be saved. */
export function blockedBy(fields: Fields, startMs: number | null, endMs: number | null): string | null {
  const incomplete = incompleteBy(fields, startMs, endMs);
  if (incomplete) return incomplete;
  return fields.reason.trim() ? null : 'A reason is needed.';
}

/** What is missing before the change can be looked at; a look needs no reason. */
export function incompleteBy(fields: Fields, startMs: number | null, endMs: number | null): string | null {
  const takesOff = fields.kind === 'replace' || fields.kind === 'remove';
  if (!fields.schedule) return 'Choose a schedule.';
  if (takesOff && !fields.person) return 'Choose who is taken off.';
  if (fields.kind !== 'remove' && !fields.by) return 'Choose who takes it.';
  if (fields.kind === 'replace' && fields.by === fields.person) return 'Both are the same person.';
  if (startMs === null || endMs === null) return 'Both times are needed.';
  return endMs <= startMs ? 'The end is before the start.' : null;
}

/** The body as the API takes it: for `add` the one person is the one who is added. */
export function bodyOf(fields: Fields, startMs: number, endMs: number): OverrideRequest {
  const person = fields.kind === 'add' ? fields.by : fields.kind === 'fixed' ? null : fields.person;
  return {
    kind: fields.kind,
    person_id: person ?? undefined,
    by_person_id: fields.kind === 'replace' ? (fields.by ?? undefined) : undefined,
    people: fields.kind === 'fixed' && fields.by ? [fields.by] : [],
    start_us: startMs * 1000,
    end_us: endMs * 1000,
    reason: fields.reason,
  };
}

/** The same as a change to look at, which needs no reason. */
export function previewOf(
  fields: Fields,
  startMs: number,
  endMs: number,
): NonNullable<PreviewRequest['override']> {
  const { reason: _, person_id, by_person_id, people = [], ...change } = bodyOf(fields, startMs, endMs);
  return {
    ...change,
    schedule_id: fields.schedule ?? '',
    person_id: person_id ?? null,
    by_person_id: by_person_id ?? null,
    people,
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

const MINUTE = 60_000;

/** What is left of a shift that has begun: nobody takes over in the past. */
export function fromNow(draft: OverrideDraft, nowMs: number): OverrideDraft {
  if (draft.startMs === undefined || draft.endMs === undefined) return draft;
  const begun = draft.startMs < nowMs && nowMs < draft.endMs;
  return begun ? { ...draft, startMs: Math.ceil(nowMs / MINUTE) * MINUTE } : draft;
}

/** A whole shift goes to somebody else. */
export function handOver(block: Block, byId: string, nowMs: number): OverrideDraft {
  return fromNow({ ...draftOf(block), byId }, nowMs);
}

/**
 * A stretch drawn over a row: one person's stretch is replaced, a hole is covered; where several take turns,
 * one person takes all of it.
 */
export function draftOfStretch(
  blocks: readonly Block[],
  scheduleId: string | undefined,
  startMs: number,
  endMs: number,
): OverrideDraft {
  const touched = blocks.filter((block) => overlaps(block, { startMs, endMs }));
  const people = new Set(touched.filter((block) => !block.gap).map((block) => block.personId));
  const own = touched.find((block) => block.scheduleId)?.scheduleId ?? scheduleId;
  const base = { scheduleId: own ?? undefined, startMs, endMs };
  if (people.size === 0) return { ...base, kind: 'add' };
  const [only] = people;
  const whole = touched.every((block) => !block.gap);
  return people.size === 1 && whole
    ? { ...base, kind: 'replace', personId: only }
    : { ...base, kind: 'fixed' };
}

/**
 * A shift's edge that is moved: what is cut off goes to the neighbour on that side, what is won is taken from
 * them. Without a neighbour the cut stretch is open and the won one is added.
 */
export function draftOfEdge(
  block: Block,
  edge: 'start' | 'end',
  toMs: number,
  neighbour: Block | undefined,
): OverrideDraft | null {
  const fromMs = edge === 'start' ? block.startMs : block.endMs;
  if (toMs === fromMs) return null;
  const scheduleId = block.scheduleId ?? undefined;
  const [startMs, endMs] = [Math.min(fromMs, toMs), Math.max(fromMs, toMs)];
  const shrinks = edge === 'start' ? toMs > fromMs : toMs < fromMs;
  const other = neighbour && !neighbour.gap ? neighbour.personId : undefined;
  if (shrinks) return { kind: 'replace', scheduleId, personId: block.personId, byId: other, startMs, endMs };
  if (other) return { kind: 'replace', scheduleId, personId: other, byId: block.personId, startMs, endMs };
  return { kind: 'add', scheduleId, byId: block.personId, startMs, endMs };
}
