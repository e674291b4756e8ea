import { describe, expect, it } from 'vitest';
import { holidaysOf } from './StripHead';

describe('holidays', () => {
  it('stand once on a day that several calendars have, with every name', () => {
    const day = (date: string, name: string, calendar: string) => ({ date, name, calendar });
    const holidays = [
      day('2026-12-25', 'Christmas Day', 'Sweden'),
      day('2026-12-25', 'Christmas Day', 'Portugal'),
      day('2026-12-08', 'Imaculada Conceição', 'Portugal'),
      day('2026-12-25', 'Weihnachten', 'Germany'),
    ];
    expect(holidaysOf({ holidays })).toEqual([
      { date: '2026-12-25', name: 'Christmas Day, Weihnachten' },
      { date: '2026-12-08', name: 'Imaculada Conceição' },
    ]);
  });
});
