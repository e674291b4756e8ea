import { describe, expect, it } from 'vitest';
import { cli } from './cli';
import { count, hashedSlot, initials, listOf, shortName } from './names';
import { pieces } from './pieces';

describe('names', () => {
  it('have initials and a short form', () => {
    expect(initials('Wei-Ling Cho')).toBe('WC');
    expect(initials('Elif')).toBe('EL');
    expect(initials('')).toBe('?');
    expect(shortName('Tomasz Zieliński')).toBe('Tomasz Z.');
    expect(shortName('Mara')).toBe('Mara');
  });

  it('are listed as people say them', () => {
    expect(listOf(['A'])).toBe('A');
    expect(listOf(['A', 'B', 'C'])).toBe('A, B and C');
  });

  it('are counted in the right number', () => {
    expect(count(1, 'alert')).toBe('1 alert');
    expect(count(1301, 'alert')).toBe('1,301 alerts');
  });

  it('keep their colour', () => {
    expect(hashedSlot('per_1')).toBe(hashedSlot('per_1'));
    expect(hashedSlot('anything')).toBeLessThan(10);
  });
});

describe('a sentence', () => {
  it('is split at names and at code', () => {
    const found = pieces('Page sent to Jonas Weber for `role/x`', ['Jonas Weber', 'Jonas']);
    expect(found.map((piece) => [piece.kind, piece.text])).toEqual([
      ['text', 'Page sent to '],
      ['name', 'Jonas Weber'],
      ['text', ' for '],
      ['code', 'role/x'],
    ]);
  });

  it('loses nothing, whatever the names contain', () => {
    const text = 'a (b) [c] $ d';
    expect(
      pieces(text, ['(b)', '$'])
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('the command line', () => {
  it('quotes only what must be', () => {
    expect(cli('incident ack', ['INC-42'])).toBe('decurion incident ack INC-42');
    expect(cli('incident note', ['INC-42', "it's on"])).toBe("decurion incident note INC-42 'it'\\''s on'");
  });

  it('leaves out what is not set', () => {
    expect(cli('x', [], { a: undefined, b: '', c: false, d: true, e: 'v' })).toBe(
      'decurion x --c=false --d --e v',
    );
  });
});
