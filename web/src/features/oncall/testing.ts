import type { Block } from './calendar';

/** A shift of an hour-long world: `startMs` and `endMs` are plain numbers in tests. */
export function block(personId: string, startMs: number, endMs: number, part: Partial<Block> = {}): Block {
  return {
    key: `${part.scheduleId ?? 'sch_1'} ${personId} ${startMs}`,
    startMs,
    endMs,
    gap: null,
    personId,
    name: personId,
    changed: false,
    source: 'layer',
    scheduleId: 'sch_1',
    schedule: 'L1',
    ...part,
  };
}

export function gap(startMs: number, endMs: number): Block {
  return block('', startMs, endMs, { gap: 'nobody', name: 'Gap' });
}
