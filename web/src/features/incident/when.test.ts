import { describe, expect, it } from 'vitest';
import { climbWords, factsInGuards, guardHolds, guardWords } from './when';

describe('a guard of the policy', () => {
  it('is said as people say it', () => {
    expect(guardWords("severity in ['sev1', 'sev2']")).toBe('sev2 or worse');
    expect(guardWords('facts.ransom_demand || facts.extortion')).toBe('ransom demand or extortion');
    expect(guardWords('facts.records_affected > 0')).toBe('records affected');
    expect(guardWords('facts.estimated_loss >= 1000')).toBe('estimated loss 1000 or more');
  });

  it('names the first ones and counts the rest', () => {
    expect(climbWords(['company_wide'])).toBe(
      'Climbs when company-wide; by silence below; or raised by anyone.',
    );
    expect(climbWords(['a', 'b', 'c', 'd', 'e'])).toContain('a, b or 3 more');
    expect(climbWords([])).toBe('Raised by anyone, or by silence below.');
  });
});

describe('what the console can tell of a guard', () => {
  const judgement = {
    severity: 'sev3',
    disposition: null,
    customer_facing: false,
    company_wide: false,
    facts: {},
  };

  it('holds for the forms that ladders use', () => {
    expect(guardHolds("severity in ['sev1', 'sev2']", { ...judgement, severity: 'sev1' })).toBe(true);
    expect(guardHolds("severity == 'sev1'", judgement)).toBe(false);
    expect(guardHolds('facts.a || facts.b', { ...judgement, facts: { b: true } })).toBe(true);
    expect(guardHolds('facts.n >= 500', { ...judgement, facts: { n: 500 } })).toBe(true);
    expect(guardHolds('facts.n > 0', judgement)).toBe(false);
  });

  it('does not hold for a form that it cannot read', () => {
    expect(guardHolds("level_age > duration('60m')", judgement)).toBe(false);
  });

  it('finds the facts that people can state', () => {
    const found = factsInGuards(['facts.ransom_demand || facts.extortion', 'facts.records_affected >= 500']);
    expect([...found]).toEqual([
      ['ransom_demand', 'flag'],
      ['extortion', 'flag'],
      ['records_affected', 'number'],
    ]);
  });
});
