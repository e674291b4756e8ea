import { describe, expect, it } from 'vitest';
import { lineDifference, nearChanges } from './lines';
import { tokens } from './yaml';

const said = (before: string, after: string) =>
  lineDifference(before, after).map(({ sign, text }) => `${sign}${text}`);

describe('a difference of lines', () => {
  it('keeps what stays and names what goes and comes', () => {
    expect(said('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c']);
    expect(said('', 'a\n')).toEqual(['+a']);
    expect(said('a\n', '')).toEqual(['-a']);
    expect(said('a\nb\n', 'a\nb\n')).toEqual([' a', ' b']);
  });
});

describe('the lines near changes', () => {
  const near = (before: string, after: string) =>
    nearChanges(lineDifference(before, after), 1).map(({ sign, text }) => `${sign}${text}`);
  it('leaves out what is far from a change, and says so', () => {
    expect(near('a\nb\nc\nd\ne\n', 'a\nb\nc\nX\ne\n')).toEqual([' …', ' c', '-d', '+X', ' e']);
    expect(near('a\nb\nc\n', 'X\nb\nc\n')).toEqual(['-a', '+X', ' b', ' …']);
    expect(near('a\nb\n', 'a\nb\n')).toEqual([' a', ' b']);
  });
});

describe('colours of YAML', () => {
  const kinds = (line: string) => tokens(line).map(({ kind, text }) => `${kind}:${text}`);
  it('tells keys, comments and values apart', () => {
    expect(kinds('  - id: leila # first')).toEqual([
      'plain:  - ',
      'key:id',
      'plain:: leila ',
      'note:# first',
    ]);
    expect(kinds('title: "a # b"')).toEqual(['key:title', 'plain:: ', 'text:"a # b"']);
    expect(kinds('# only')).toEqual(['note:# only']);
  });
  it('gives back every character', () => {
    for (const line of ['a: {b: [1, "x"]} # y', '', '  key:', "when: severity in ['sev1']"]) {
      expect(
        tokens(line)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line);
    }
  });
});
