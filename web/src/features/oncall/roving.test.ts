import { describe, expect, it } from 'vitest';
import { nextIndex } from './roving';

const places = [
  { top: 0, left: 0, right: 10 },
  { top: 0, left: 10, right: 30 },
  { top: 26, left: 0, right: 12 },
  { top: 26, left: 12, right: 30 },
  { top: 52, left: 5, right: 9 },
];

describe('arrow keys', () => {
  it('move along a line and stop at its ends', () => {
    expect(nextIndex(places, 0, 'ArrowRight')).toBe(1);
    expect(nextIndex(places, 1, 'ArrowRight')).toBe(1);
    expect(nextIndex(places, 3, 'ArrowLeft')).toBe(2);
  });

  it('move to what lies nearest on the next line', () => {
    expect(nextIndex(places, 1, 'ArrowDown')).toBe(3);
    expect(nextIndex(places, 3, 'ArrowDown')).toBe(4);
    expect(nextIndex(places, 4, 'ArrowUp')).toBe(2);
    expect(nextIndex(places, 0, 'ArrowUp')).toBe(0);
  });
});
