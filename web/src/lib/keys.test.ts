import { describe, expect, it } from 'vitest';
import { type KeyBinding, pressed } from './keys';

const key = (keys: string, label: string): KeyBinding => ({ keys, label, group: 'g', run: () => {} });
const all = [key('a', 'shell'), key('g a', 'alerts'), key('a', 'page')];

describe('a key', () => {
  it('means what the page says, not the shell, where both have it', () => {
    expect(pressed(all, '', 'a')?.label).toBe('page');
  });

  it('goes with the one before it where that is a sequence', () => {
    expect(pressed(all, 'g', 'a')?.label).toBe('alerts');
  });

  it('stands alone after a key that means nothing', () => {
    expect(pressed(all, 'x', 'a')?.label).toBe('page');
    expect(pressed(all, 'g', 'x')).toBeUndefined();
  });
});
