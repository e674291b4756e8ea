import { describe, expect, it } from 'vitest';
import {
  blockedBy,
  type LayerDocument,
  lastLayers,
  type ScheduleDocument,
  slotName,
  turnWords,
  withoutVersion,
  withVersion,
} from './roster';

const layer = (name: string, participants: string[], start?: string): LayerDocument => ({
  name,
  rotation: { participants, start },
});
const plain: ScheduleDocument = {
  id: 'l1',
  name: 'L1',
  zone: 'UTC',
  requires: ['l1'],
  layers: [layer('days', ['a'])],
};
const later = { effective_from: '2026-11-02T08:00', layers: [layer('days', ['b'])] };

describe('a roster that takes over later', () => {
  it('stands beside the one in force, in the order of time, and keeps what the form does not know', () => {
    const twice = withVersion(withVersion(plain, later), { ...later, effective_from: '2026-10-01T00:00' });
    expect(twice.versions?.map((version) => version.effective_from)).toEqual([
      '2026-10-01T00:00',
      '2026-11-02T08:00',
    ]);
    expect(twice).toMatchObject({ requires: ['l1'], layers: plain.layers });
  });

  it('takes the place of one that was planned for the same time', () => {
    const again = withVersion(withVersion(plain, { ...later, effective_from: '2026-11-02T08:00:00' }), later);
    expect(again.versions).toHaveLength(1);
  });

  it('is what the next change starts from, until it is taken back', () => {
    const planned = withVersion(plain, later);
    expect(lastLayers(planned)[0]?.rotation.participants).toEqual(['b']);
    expect(withoutVersion(planned, later.effective_from)).toEqual(plain);
  });
});

describe('a roster', () => {
  it('says what it lacks', () => {
    expect(blockedBy([], 'x')).toMatch(/one layer/);
    expect(blockedBy([layer(' ', ['a'])], 'x')).toMatch(/needs a name/);
    expect(blockedBy([layer('n', ['a']), layer('n', ['b'])], 'x')).toMatch(/same name/);
    expect(blockedBy([layer('n', [])], 'x')).toBe('Nobody takes turns in n.');
    expect(blockedBy([layer('n', ['a', 'b'])], 'x')).toMatch(/first turn of n/);
    expect(blockedBy([layer('n', ['a', 'b'], '2026-01-05T08:00')], '')).toMatch(/from when/);
    expect(blockedBy([layer('n', ['a'])], 'x')).toBeNull();
  });

  it('is read in words', () => {
    expect(slotName(['a', 'b'], (id) => id.toUpperCase())).toBe('A and B');
    expect(slotName('NOBODY', (id) => id)).toBe('Nobody');
    expect(turnWords({ participants: [] })).toBe('each week');
    expect(turnWords({ unit: 'daily', every: 2, participants: [] })).toBe('every 2 days');
    expect(turnWords({ turns: ['4d', '3d'], participants: [] })).toBe('4d, 3d');
    expect(turnWords({ unit: 'custom', turn: '12h', participants: [] })).toBe('12h');
  });
});
