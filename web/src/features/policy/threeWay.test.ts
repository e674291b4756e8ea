import { describe, expect, it } from 'vitest';
import { type Choice, settled, threeWay } from './threeWay';

const base = 'id: ir_lead\nname: Lead\nholders: [mateus]\ndeputies: [yuki]\n';
const kinds = (mine: string, theirs: string) => threeWay(base, mine, theirs).map(({ kind }) => kind);
const text = (mine: string, theirs: string, ...choices: [number, Choice][]) =>
  settled(threeWay(base, mine, theirs), new Map(choices));

describe('two changes of one text', () => {
  it('are brought together where they are apart', () => {
    const mine = base.replace('id: ir_lead', '# Ours.\nid: ir_lead');
    const theirs = base.replace('[yuki]', '[yuki, ingrid]');
    expect(kinds(mine, theirs)).toEqual(['mine', 'same', 'theirs']);
    expect(text(mine, theirs)).toBe(
      '# Ours.\nid: ir_lead\nname: Lead\nholders: [mateus]\ndeputies: [yuki, ingrid]\n',
    );
  });

  it('are one where both say the same', () => {
    const both = base.replace('Lead', 'Chief');
    expect(kinds(both, both)).toEqual(['same', 'agreed', 'same']);
    expect(text(both, both)).toBe(both);
  });

  it('are a conflict where they meet, and a person chooses', () => {
    const mine = base.replace('[mateus]', '[anneli]');
    const theirs = base.replace('[mateus]', '[kwame]');
    expect(kinds(mine, theirs)).toEqual(['same', 'conflict', 'same']);
    expect(text(mine, theirs)).toBeNull();
    expect(text(mine, theirs, [1, 'mine'])).toBe(mine);
    expect(text(mine, theirs, [1, 'theirs'])).toBe(theirs);
  });

  it('meet where one adds what the other removes', () => {
    const mine = base.replace('deputies: [yuki]\n', '');
    const theirs = base.replace('deputies: [yuki]', 'deputies: [yuki]\nstand_in: true');
    expect(kinds(mine, theirs)).toEqual(['same', 'conflict']);
    expect(text(mine, theirs, [1, 'mine'])).toBe(mine);
    expect(text(mine, theirs, [1, 'theirs'])).toBe(theirs);
  });

  it('give either side alone when the other changed nothing', () => {
    const changed = `# First.\n${base}last: true\n`;
    expect(text(changed, base)).toBe(changed);
    expect(text(base, changed)).toBe(changed);
    expect(threeWay('', 'a\n', '')).toEqual([{ kind: 'mine', before: [], lines: ['a'] }]);
  });
});
