import { describe, expect, it } from 'vitest';
import { topicsOf } from './query';

describe('a change', () => {
  it('touches what it may have altered, and the journal always', () => {
    expect(topicsOf('incident.acknowledged')).toContain('board');
    expect(topicsOf('incident.acknowledged')).toContain('journal');
    expect(topicsOf('incident.acknowledged')).not.toContain('oncall');
  });

  it('touches everything when its kind is not known', () => {
    expect(topicsOf('configuration.applied')).toEqual(
      expect.arrayContaining(['organisation', 'oncall', 'board']),
    );
  });
});
