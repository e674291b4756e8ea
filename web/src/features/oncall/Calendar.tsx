import { useElementSize } from '@mantine/hooks';
import { levelShort } from '@/lib/lamp';
import { useMinute } from '@/lib/serverClock';
import { day, isoDay, isoWeek, startOfDay, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { PersonName } from '@/ui/Person';
import { BlockView } from './BlockView';
import css from './Calendar.module.css';
import { daysOf, placeIn, type Row } from './calendar';
import type { OverrideDraft } from './override';

type Pick = (draft: OverrideDraft) => void;

/** Days of a week with what is unusual about them: their length when the clocks change. */
function DayHeads({ days, zone, nowMs }: { days: readonly number[]; zone: string; nowMs: number }) {
  return (
    <div className={css.days}>
      {days.slice(0, 7).map((ms, at) => {
        const hours = Math.round(((days[at + 1] ?? ms) - ms) / 3_600_000);
        const first = at === 0 || isoDay(ms, zone).endsWith('-01');
        return (
          <span
            key={ms}
            className={css.day}
            data-today={isoDay(ms, zone) === isoDay(nowMs, zone) || undefined}
            data-weekend={at > 4 || undefined}
          >
            {first ? day(ms, zone) : day(ms, zone).replace(/ \D+$/, '')}
            {hours !== 24 && (
              <span className={css.odd}>
                {' '}
                {hours} h, {zoneName(days[at + 1] ?? ms, zone)}
              </span>
            )}
          </span>
        );
      })}
    </div>
  );
}

function Grid({ days, nowMs }: { days: readonly number[]; nowMs: number }) {
  const at = placeIn(days, nowMs);
  return (
    <div className={css.grid} aria-hidden="true">
      {[0, 1, 2, 3, 4, 5, 6].map((index) => (
        <span key={index} className={css.gridDay} data-weekend={index > 4 || undefined} />
      ))}
      {at > 0 && at < 1 && <span className={css.now} style={{ left: `${at * 100}%` }} />}
    </div>
  );
}

function Week({ weekMs, rows, onPick }: { weekMs: number; rows: readonly Row[]; onPick: Pick }) {
  const zone = useZone();
  const now = useMinute();
  const days = daysOf(weekMs, zone);
  const { ref, width } = useElementSize();
  return (
    <section className={css.week} aria-label={`Week ${isoWeek(weekMs, zone)}`}>
      <span className={css.number}>W{isoWeek(weekMs, zone)}</span>
      <DayHeads days={days} zone={zone} nowMs={now} />
      <div className={css.labels}>
        {rows.map((row) => (
          <span key={row.key} className={css.level} style={{ height: heightOf(row) }}>
            {/^(l\d|exec)/i.test(row.label) ? levelShort(row.label) : row.label}
          </span>
        ))}
      </div>
      <div className={css.body} ref={ref}>
        <Grid days={days} nowMs={now} />
        {rows.map((row) => (
          <div key={row.key} className={css.row} style={{ height: heightOf(row) }}>
            {row.lanes.map((lane, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lanes have no identity but their order
              <div key={at} className={css.lane} data-standing={row.standing || undefined}>
                {lane.map((block) => (
                  <BlockView
                    key={block.key}
                    block={block}
                    days={days}
                    weekPx={width}
                    standing={row.standing}
                    nowMs={now}
                    onPick={onPick}
                  />
                ))}
              </div>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

function heightOf(row: Row): number {
  return Math.max(1, row.lanes.length) * (row.standing ? 18 : 26);
}

/** The executives are told, not on shifts: one line says who. */
function Told({ row }: { row: Row }) {
  return (
    <p className={css.told}>
      <span className="strong">Exec</span>
      {row.lanes.flat().map((block) => (
        <PersonName key={block.key} id={block.personId} name={block.name} />
      ))}
      <span className="soft">Standing duty</span>
    </p>
  );
}

/** Weeks below each other, a lane per person of a level, gaps in red, a line at now. */
export function Calendar({
  rows,
  fromMs,
  weeks,
  onPick,
}: {
  rows: readonly Row[];
  fromMs: number;
  weeks: number;
  onPick: Pick;
}) {
  const zone = useZone();
  const told = rows.filter((row) => row.standing && levelShort(row.label) === 'Ex');
  const drawn = rows.filter((row) => !told.includes(row));
  return (
    <div className={css.calendar}>
      {Array.from({ length: weeks }, (_, at) => startOfDay(fromMs, zone, at * 7)).map((weekMs) => (
        <Week key={weekMs} weekMs={weekMs} rows={drawn} onPick={onPick} />
      ))}
      {told.map((row) => (
        <Told key={row.key} row={row} />
      ))}
    </div>
  );
}
