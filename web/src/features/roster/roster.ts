/** The document of a schedule as the pack holds it; what the form does not edit goes through as it is. */
export interface ScheduleDocument {
  id: string;
  name: string;
  zone: string;
  layers: LayerDocument[];
  versions?: VersionDocument[];
  [other: string]: unknown;
}

/** A person, several together, or `NOBODY`. */
export type Slot = string | string[];

export interface WindowDocument {
  days?: string[];
  start: string;
  end: string;
  end_day?: string;
  [other: string]: unknown;
}

export interface LayerDocument {
  name: string;
  rotation: {
    unit?: string;
    every?: number;
    turn?: string;
    turns?: string[];
    start?: string;
    advance?: string;
    participants: Slot[];
    [other: string]: unknown;
  };
  active?: WindowDocument[];
  shadow?: boolean;
  [other: string]: unknown;
}

export const rollouts = ['at_once', 'after_this_shift', 'after_full_turn'] as const;
export type Rollout = (typeof rollouts)[number];

export const rolloutNames: Record<Rollout, string> = {
  at_once: 'At once',
  after_this_shift: 'After this shift',
  after_full_turn: 'After a full turn',
};

export const rolloutWords: Record<Rollout, string> = {
  at_once: 'At that very instant, also in the middle of a shift.',
  after_this_shift: 'Whoever is on call then finishes their shift.',
  after_full_turn: 'The rotation that runs then goes through everybody, back to the first.',
};

export interface VersionDocument {
  effective_from: string;
  rollout?: Rollout;
  layers: LayerDocument[];
}

/** The layers that a change starts from: those of the last roster that was planned. */
export function lastLayers(document: ScheduleDocument): LayerDocument[] {
  return document.versions?.at(-1)?.layers ?? document.layers;
}

/** The document with a roster that takes over from a wall time on; one that was planned for the same time goes. */
export function withVersion(document: ScheduleDocument, version: VersionDocument): ScheduleDocument {
  const others = (document.versions ?? []).filter((each) => wall(each) !== wall(version));
  const versions = [...others, version].toSorted((a, b) => wall(a).localeCompare(wall(b)));
  return { ...document, versions };
}

/** `2026-11-02T08:00`, whether or not the document writes the seconds. */
function wall(version: VersionDocument): string {
  return version.effective_from.slice(0, 16);
}

/** The document without a roster that was planned. */
export function withoutVersion(document: ScheduleDocument, effectiveFrom: string): ScheduleDocument {
  const versions = (document.versions ?? []).filter((each) => each.effective_from !== effectiveFrom);
  const { versions: _gone, ...rest } = document;
  return versions.length > 0 ? { ...document, versions } : (rest as ScheduleDocument);
}

/** Who a slot is, for people. */
export function slotName(slot: Slot, nameOf: (id: string) => string): string {
  if (slot === 'NOBODY') return 'Nobody';
  return typeof slot === 'string' ? nameOf(slot) : slot.map(nameOf).join(' and ');
}

/** Why a roster cannot be looked at yet, in the order of the form. */
export function blockedBy(layers: readonly LayerDocument[], from: string): string | null {
  if (layers.length === 0) return 'A roster has one layer at least.';
  if (layers.some((layer) => !layer.name.trim())) return 'Every layer needs a name.';
  const names = layers.map((layer) => layer.name.trim());
  if (new Set(names).size < names.length) return 'Two layers have the same name.';
  const empty = layers.find((layer) => layer.rotation.participants.length === 0);
  if (empty) return `Nobody takes turns in ${empty.name}.`;
  const unplaced = layers.find((layer) => layer.rotation.participants.length > 1 && !layer.rotation.start);
  if (unplaced) return `Say when the first turn of ${unplaced.name} begins.`;
  return from ? null : 'Say from when the roster is wanted.';
}

/** A turn in words: `each day`, `every 2 weeks`, `12h`, `4d, 3d`. */
export function turnWords({ unit = 'weekly', every = 1, turn, turns }: LayerDocument['rotation']): string {
  if (turns && turns.length > 0) return turns.join(', ');
  if (unit === 'custom') return turn ?? '';
  const noun = { hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month' }[unit] ?? unit;
  return every === 1 ? `each ${noun}` : `every ${every} ${noun}s`;
}
