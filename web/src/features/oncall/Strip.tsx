import { memo, useEffect, useRef, useState } from 'react';
import { day, isoWeek } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { BlockView } from './BlockView';
import css from './Calendar.module.css';
import type { Block, Row } from './calendar';
import { RowLabel } from './RowLabel';
import { RowLoad } from './RowLoad';
import { type Holiday, StripHead } from './StripHead';
import { StripOverlay } from './StripOverlay';
import { clip, clockChanges, placeIn } from './span';

export interface StripProps {
  days: readonly number[];
  rows: readonly Row[];
  /** Width of the lanes in px. */
  width: number;
  nowMs: number;
  holidays: readonly Holiday[];
  loads: boolean;
  /** The block at which the Tab key stops. */
  stopKey: string | undefined;
}

/** Height of a lane in px: shifts need a finger's room, standing duties and layers only show. */
export function laneHeight(row: Row): number {
  if (row.kind === 'layer') return 16;
  return row.standing ? 18 : 26;
}

export function rowHeight(row: Row): number {
  return Math.max(1, row.lanes.length) * laneHeight(row) + (row.kind === 'person' ? 2 : 0);
}

const HEAD_PX = 24;
const FOOT_PX = 4;

/** Whether an element is near the screen; what is far away is not drawn. */
function useNear() {
  const ref = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const node = ref.current;
    if (!node) return;
    const watch = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: '600px 0px',
    });
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  return { ref, near };
}

function Grid({ days, nowMs, zone }: { days: readonly number[]; nowMs: number; zone: string }) {
  const now = placeIn(days, nowMs);
  const columns = days.length === 2 ? 12 : days.length - 1;
  const isWeekend = (ms: number) => /^(Sat|Sun)/.test(day(ms, zone));
  const changes = clockChanges(days[0] ?? 0, days.at(-1) ?? 0, zone);
  return (
    <div className={css.grid} aria-hidden="true">
      {Array.from({ length: columns }, (_, at) => at).map((at) => (
        <span
          key={at}
          className={css.gridDay}
          data-weekend={(columns < 12 && isWeekend(days[at] ?? 0)) || undefined}
        />
      ))}
      {changes.map((ms) => (
        <span key={ms} className={css.change} style={{ left: `${placeIn(days, ms) * 100}%` }} />
      ))}
      {now > 0 && now < 1 && <span className={css.now} style={{ left: `${now * 100}%` }} />}
    </div>
  );
}

function Lane({ row, lane, at, strip }: { row: Row; lane: readonly Block[]; at: number; strip: StripProps }) {
  const { days, width, nowMs, stopKey } = strip;
  return (
    <div className={css.lane} data-row={row.key} data-lane={at} style={{ height: laneHeight(row) }}>
      {lane.map((block) => {
        const place = clip(block, days);
        return (
          place && (
            <BlockView
              key={block.key}
              block={block}
              kind={row.kind}
              standing={row.standing}
              left={place.left}
              width={place.width}
              px={place.width * width - 2}
              past={block.endMs <= nowMs}
              stop={block.key === stopKey}
              begins={block.startMs >= (days[0] ?? 0)}
              ends={block.endMs <= (days.at(-1) ?? 0)}
            />
          )
        );
      })}
    </div>
  );
}

function Lines(strip: StripProps) {
  const zone = useZone();
  const { days, rows, nowMs } = strip;
  return (
    <div className={css.body} data-strip={days[0]}>
      <Grid days={days} nowMs={nowMs} zone={zone} />
      {rows.map((row) => (
        <div
          key={row.key}
          className={css.row}
          data-kind={row.kind}
          data-person={row.personId}
          data-person-name={row.personId && row.label}
          style={{ height: rowHeight(row) }}
        >
          {row.cutOvers
            ?.filter((ms) => ms > (days[0] ?? 0) && ms < (days.at(-1) ?? 0))
            .map((ms) => (
              <span key={ms} className={css.cutOver} style={{ left: `${placeIn(days, ms) * 100}%` }}>
                <span className={css.cutOverName}>new roster</span>
              </span>
            ))}
          {(row.lanes.length > 0 ? row.lanes : [[]]).map((lane, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lanes have no identity but their order
            <Lane key={at} row={row} lane={lane} at={at} strip={strip} />
          ))}
        </div>
      ))}
      <StripOverlay days={days} rows={rows} />
    </div>
  );
}

/** A week with its lines, or a day; drawn only while it is near the screen. */
export const Strip = memo(function Strip(strip: StripProps) {
  const zone = useZone();
  const { ref, near } = useNear();
  const { days, rows, nowMs, loads, holidays } = strip;
  const name = days.length === 2 ? day(days[0] ?? 0, zone) : `Week ${isoWeek(days[0] ?? 0, zone)}`;
  const height = HEAD_PX + FOOT_PX + rows.reduce((sum, row) => sum + rowHeight(row), 0);
  return (
    <section ref={ref} className={css.strip} aria-label={name} style={{ minHeight: height }}>
      {near && (
        <>
          <span className={css.number}>
            {days.length > 2 && `W${isoWeek(days[0] ?? 0, zone)} ${day(days[0] ?? 0, zone).slice(-3)}`}
          </span>
          <StripHead days={days} nowMs={nowMs} holidays={holidays} />
          {loads && <span className={css.loadHead}>Hours, nights</span>}
          <div className={css.labels}>
            {rows.map((row) => (
              <RowLabel key={row.key} row={row} height={rowHeight(row)} />
            ))}
          </div>
          <Lines {...strip} />
          {loads && (
            <div className={css.loads}>
              {rows.map((row) => (
                <RowLoad key={row.key} row={row} days={days} height={rowHeight(row)} />
              ))}
            </div>
          )}
        </>
      )}
    </section>
  );
});
