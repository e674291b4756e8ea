import { describe, expect, it } from 'vitest';
import type { Finding } from '@/api/types';
import { countOf, inOrder } from './Findings';

const finding = (key: string, start_us: number | null, accepted = false) =>
  ({
    key,
    start_us,
    accepted: accepted ? { id: 'cov_1', author: 'a', author_name: 'A', reason: 'r', until_us: 9 } : null,
  }) as Finding;

describe('the list of findings', () => {
  it('shows the nearest first, then what has no time, then what is accepted', () => {
    const mixed = [finding('a', 1, true), finding('b', null), finding('c', 5), finding('d', 3)];
    expect(inOrder(mixed).map(({ key }) => key)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('counts apart what is accepted', () => {
    expect(countOf([])).toBe('no gap');
    expect(countOf([finding('a', 1)])).toBe('1');
    expect(countOf([finding('a', 1), finding('b', 2, true)])).toBe('1, 1 accepted');
    expect(countOf([finding('b', 2, true)])).toBe('1 accepted');
  });
});
