import { describe, expect, it } from 'vitest';
import { landing, reordered } from './ReorderList';

describe('an order', () => {
  it('keeps everybody when one moves', () => {
    expect(reordered(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(reordered(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(reordered(['a'], 3, 0)).toEqual(['a']);
  });

  it('lands on the row under the hand, inside the list', () => {
    expect(landing(1, 40, 36, 4)).toBe(2);
    expect(landing(1, 10, 36, 4)).toBe(1);
    expect(landing(1, -400, 36, 4)).toBe(0);
    expect(landing(1, 400, 36, 4)).toBe(3);
  });
});
