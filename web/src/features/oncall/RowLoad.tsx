import { Tooltip } from '@mantine/core';
import { useZone } from '@/lib/zone';
import css from './Calendar.module.css';
import type { Row } from './calendar';
import { loadsOf } from './load';

/** Hours and nights of a person in one strip, beside their line. */
export function RowLoad({ row, days, height }: { row: Row; days: readonly number[]; height: number }) {
  const zone = useZone();
  const [fromMs = 0, toMs = 0] = [days[0], days.at(-1)];
  const load = row.personId ? loadsOf(row.lanes.flat(), fromMs, toMs, zone)[0] : undefined;
  if (!load) return <span className={css.load} style={{ height }} />;
  const whole = (toMs - fromMs) / 3_600_000;
  return (
    <Tooltip label={`${row.label}: ${load.hours.toFixed(1)} h and ${load.nights} nights on call`}>
      <span className={css.load} style={{ height }}>
        <span className={css.loadTrack}>
          <span className={css.loadBar} style={{ width: `${Math.min(1, load.hours / whole) * 100}%` }} />
        </span>
        <span className={css.loadText}>
          {Math.round(load.hours)} h{load.nights > 0 && <span className="faint"> · {load.nights} n</span>}
        </span>
      </span>
    </Tooltip>
  );
}
