import { Tooltip } from '@mantine/core';
import type { Oncall } from '@/api/types';
import { clock, day, isoDay, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';
import css from './Calendar.module.css';

/** A day that some people have off. */
export interface Holiday {
  /** `2026-12-24`. */
  date: string;
  name: string;
}

/** The holidays of every calendar, a day once: where calendars differ, the names stand side by side. */
export function holidaysOf({ holidays }: Pick<Oncall, 'holidays'>): Holiday[] {
  const days = new Map<string, Set<string>>();
  for (const { date, name } of holidays) days.set(date, (days.get(date) ?? new Set()).add(name));
  return [...days].map(([date, names]) => ({ date, name: [...names].join(', ') }));
}

interface HeadProps {
  days: readonly number[];
  nowMs: number;
  holidays: readonly Holiday[];
}

/** A day with what is unusual about it: its length when the clocks change, its holiday. */
function DayHead({
  ms,
  endMs,
  nowMs,
  holiday,
}: {
  ms: number;
  endMs: number;
  nowMs: number;
  holiday?: string;
}) {
  const zone = useZone();
  const hours = Math.round((endMs - ms) / 360_000) / 10;
  const date = isoDay(ms, zone);
  const weekday = day(ms, zone).slice(0, 3);
  const notes = [hours !== 24 && `${hours} h, ${zoneName(endMs, zone)}`, holiday].filter(Boolean).join(', ');
  const text = (
    <span
      className={css.day}
      data-today={date === isoDay(nowMs, zone) || undefined}
      data-weekend={weekday === 'Sat' || weekday === 'Sun' || undefined}
      data-holiday={holiday ? true : undefined}
    >
      {date.endsWith('-01') ? day(ms, zone) : day(ms, zone).replace(/ \D+$/, '')}
      {notes && <span className={css.odd}> {notes}</span>}
    </span>
  );
  return notes ? <Tooltip label={`${day(ms, zone)}: ${notes}`}>{text}</Tooltip> : text;
}

/** The hours of a single day, on its own wall clock. */
function HourHeads({ days }: { days: readonly number[] }) {
  const zone = useZone();
  const [start = 0, end = 0] = days;
  const count = Math.round((end - start) / 3_600_000);
  return (
    <div className={css.hours}>
      {Array.from({ length: count }, (_, at) => start + at * 3_600_000).map((ms, at) => (
        <span key={ms} className={css.hour}>
          {at % 2 === 0 ? clock(ms, zone) : ''}
        </span>
      ))}
    </div>
  );
}

/** The days of a strip, or the hours of a single one. */
export function StripHead({ days, nowMs, holidays }: HeadProps) {
  const zone = useZone();
  if (days.length === 2) return <HourHeads days={days} />;
  return (
    <div className={css.days} style={{ gridTemplateColumns: `repeat(${days.length - 1}, 1fr)` }}>
      {days.slice(0, -1).map((ms, at) => (
        <DayHead
          key={ms}
          ms={ms}
          endMs={days[at + 1] ?? ms}
          nowMs={nowMs}
          holiday={holidays.find((each) => each.date === isoDay(ms, zone))?.name}
        />
      ))}
    </div>
  );
}
