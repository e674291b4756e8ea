import { describe, expect, it } from 'vitest';
import {
  formatCountdown,
  formatLength,
  formatLong,
  formatSpan,
  nearness,
  shareLeft,
  spoken,
} from './countdown';

describe('a countdown', () => {
  it('reads m:ss under an hour', () => {
    expect(formatSpan(104)).toBe('1:44');
    expect(formatSpan(59 * 60 + 54)).toBe('59:54');
    expect(formatSpan(5)).toBe('0:05');
  });

  it('reads hours and minutes under a day, days and hours over it', () => {
    expect(formatSpan(6 * 3600 + 18 * 60)).toBe('6 h 18 min');
    expect(formatSpan(2 * 3600 + 5 * 60)).toBe('2 h 05 min');
    expect(formatSpan(29 * 3600)).toBe('1 d 5 h');
  });

  it('never shows a second less than is left', () => {
    expect(formatCountdown(0.2)).toBe('0:01');
    expect(formatCountdown(60)).toBe('1:00');
  });

  it('is due at zero and late after a minute', () => {
    expect(formatCountdown(0)).toBe('due');
    expect(formatCountdown(-59)).toBe('due');
    expect(formatCountdown(-(2 * 3600 + 5 * 60))).toBe('2 h 05 min late');
  });

  it('changes its nearness at five minutes and at two', () => {
    expect([301, 300, 121, 120, 1].map(nearness)).toEqual(['calm', 'near', 'near', 'last', 'last']);
    expect([0, -59, -60].map(nearness)).toEqual(['due', 'due', 'late']);
  });

  it('drains its bar between full and empty only', () => {
    expect(shareLeft(30, 60)).toBe(0.5);
    expect(shareLeft(90, 60)).toBe(1);
    expect(shareLeft(-5, 60)).toBe(0);
    expect(shareLeft(10, 0)).toBe(0);
  });

  it('is spoken once at five minutes, two minutes and thirty seconds', () => {
    expect(spoken(301, 300, 'Mara L. is paged')).toBe('In 5 min: Mara L. is paged');
    expect(spoken(300, 299, 'Mara L. is paged')).toBeNull();
    expect(spoken(31, 29, 'x')).toBe('In 30 s: x');
  });
});

describe('a length', () => {
  it('leaves out what is zero', () => {
    expect(formatLength(8 * 3600)).toBe('8 h');
    expect(formatLength(2 * 86400)).toBe('2 d');
    expect(formatLength(8 * 3600 + 300)).toBe('8 h 05 min');
  });

  it('keeps seconds and minutes whole', () => {
    expect(formatLong(40)).toBe('40 s');
    expect(formatLong(61)).toBe('1 min');
  });
});
