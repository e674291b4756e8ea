import { describe, expect, it } from 'vitest';
import { holdOrder } from './heldOrder';
import { lampState, lampStates, lampWords, levelAbove, levelName, levelShort } from './lamp';
import { backoffS } from './live';

describe('a lamp', () => {
  it('has words for each of its nine states', () => {
    expect(lampStates).toHaveLength(9);
    for (const state of lampStates) expect(lampWords[state].length).toBeGreaterThan(0);
  });

  it('is off for a word that it does not know', () => {
    expect(lampState('stood-down')).toBe('stood_down');
    expect(lampState('glowing')).toBe('off');
  });
});

describe('a level', () => {
  it('is named and climbed in order', () => {
    expect(levelName('executive')).toBe('Executive');
    expect(levelShort('Executive')).toBe('Ex');
    expect(levelAbove('L3')).toBe('executive');
    expect(levelAbove('executive')).toBeNull();
    expect(levelAbove(null)).toBe('L1');
  });
});

describe('a list under a pointer', () => {
  const id = (item: { id: string }) => item.id;

  it('keeps its order, drops what is gone and counts what is new', () => {
    const held = holdOrder([{ id: 'c' }, { id: 'a' }, { id: 'd' }], ['a', 'b', 'c'], id);
    expect(held.items.map(id)).toEqual(['a', 'c']);
    expect(held.waiting).toBe(1);
  });
});

describe('a lost connection', () => {
  it('is tried again quickly, then at most every fifteen seconds', () => {
    expect([0, 1, 2, 3, 4, 99].map(backoffS)).toEqual([1, 2, 4, 8, 15, 15]);
  });
});
