import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useMinute } from '@/lib/serverClock';
import { startOfDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import type { View } from './rows';
import { moved, type Span, stripsOf } from './span';

/** Four weeks on a desk, one on a phone, unless the address says otherwise. */
export function useCalendarView() {
  const search = useSearch({ from: '/shell/oncall' });
  const navigate = useNavigate();
  const zone = useZone();
  const today = startOfDay(useMinute(), zone);
  const phone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false }) ?? false;
  const span: Span = phone ? 'week' : (search.span ?? 'month');
  const anchor = search.at ?? today;
  const strips = useMemo(() => stripsOf(span, anchor, zone), [span, anchor, zone]);
  const set = (part: Partial<typeof search>) =>
    void navigate({ to: '/oncall', search: (old) => ({ ...old, ...part }), replace: true });
  return {
    search,
    phone,
    span,
    view: (search.view ?? 'levels') as View,
    layers: search.layers ?? false,
    strips,
    fromMs: strips[0]?.[0] ?? today,
    toMs: strips.at(-1)?.at(-1) ?? today,
    today: () => set({ at: undefined, cover: undefined, until: undefined }),
    move: (steps: number) =>
      set({ at: moved(span, anchor, zone, steps), cover: undefined, until: undefined }),
    set,
  };
}
