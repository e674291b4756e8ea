/** The nine states of a level's lamp. Shape carries the state; colour repeats it. */
export const lampStates = [
  'off',
  'armed',
  'paging',
  'part',
  'held',
  'silent',
  'told',
  'hole',
  'stood_down',
] as const;

export type LampState = (typeof lampStates)[number];

/** What each state means, in the words that the tooltip uses. */
export const lampWords: Record<LampState, string> = {
  off: 'not engaged',
  armed: 'next to be paged',
  paging: 'paged, nobody has answered',
  part: 'some have answered',
  held: 'held',
  silent: 'no answer in time',
  told: 'told, no answer expected',
  hole: 'reaches nobody',
  stood_down: 'stood down',
};

/** The lamp state of a word from the server; a word this console does not know shows as `off`. */
export function lampState(word: string): LampState {
  const known = word.replace('-', '_');
  return lampStates.find((state) => state === known) ?? 'off';
}

export const levels = ['L1', 'L2', 'L3', 'executive'] as const;
export type Level = (typeof levels)[number];

/** The level of a word, or null for a word that is none. */
export function levelOf(word: string | null): Level | null {
  return levels.find((level) => level === word) ?? null;
}

/** `L1`, `L2`, `L3`, `Executive`. */
export function levelName(level: string): string {
  const name = level.toLowerCase();
  return name.startsWith('ex') ? 'Executive' : name.toUpperCase();
}

/** `L1`, `L2`, `L3`, `Ex`: the label under a lamp. */
export function levelShort(level: string): string {
  return level.toLowerCase().startsWith('ex') ? 'Ex' : level.toUpperCase();
}

/** The next level above, or null at the top. */
export function levelAbove(level: string | null | undefined): Level | null {
  if (!level) return 'L1';
  const at = levels.findIndex((known) => known.toLowerCase() === level.toLowerCase());
  return levels[at + 1] ?? null;
}

/** What each level is for, beside its name on the board. */
export const levelDuty: Record<Level, string> = {
  L1: 'Triage',
  L2: 'Analysis, coordination',
  L3: 'Customers, decisions',
  executive: 'Board, investors',
};
