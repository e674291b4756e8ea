import { describe, expect, it } from 'vitest';
import { climbWords, guardWords } from './when';

describe('a guard of the policy', () => {
  it('is said as people say it', () => {
    expect(guardWords("severity in ['sev1', 'sev2']")).toBe('sev2 or worse');
    expect(guardWords('facts.ransom_demand || facts.extortion')).toBe('ransom demand or extortion');
    expect(guardWords('facts.records_affected > 0')).toBe('records affected > 0');
  });

  it('names the first ones and counts the rest', () => {
    expect(climbWords(['company_wide'])).toBe(
      'Climbs when company-wide; by silence below; or raised by anyone.',
    );
    expect(climbWords(['a', 'b', 'c', 'd', 'e'])).toContain('a, b, c or 2 more');
    expect(climbWords([])).toBe('Raised by anyone, or by silence below.');
  });
});
