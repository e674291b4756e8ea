import { Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { Board, BoardSource } from '@/api/types';
import { useConnection } from '@/lib/live';
import { count } from '@/lib/names';
import { useNow } from '@/lib/serverClock';
import { clock, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { SeverityMark } from '@/ui/SeverityChip';
import { severities, severity } from '@/ui/severity';
import { EmptyState } from '@/ui/states';
import css from './AlertStrip.module.css';
import { hourTicks, marksOf, STORM, type StripMark } from './strip';

const LABEL = 116;

function wordsOf(mark: StripMark, zone: string): string {
  const signals = mark.count > 1 ? `, ${count(mark.count, 'signal')}` : '';
  return `${clock(mark.atUs / 1000, zone)} ${mark.severity.toUpperCase()} ${mark.title}${signals}`;
}

/** A mark is too small a target for a finger: it only shows; the lane's name opens the list behind it. */
function Mark({ mark }: { mark: StripMark }) {
  const zone = useZone();
  const sev = severity(mark.severity);
  const storm = mark.count >= STORM;
  return (
    <Tooltip label={wordsOf(mark, zone)}>
      <span
        className={css.mark}
        data-storm={storm || undefined}
        data-sev={sev}
        style={{ left: mark.x, minWidth: storm ? Math.max(26, mark.endX - mark.x) : undefined }}
      >
        {storm ? mark.count.toLocaleString('en') : <SeverityMark sev={sev} size={sev === 'sev4' ? 8 : 10} />}
      </span>
    </Tooltip>
  );
}

interface LaneProps {
  source: BoardSource;
  points: Board['today']['points'];
  xOf: (us: number) => number;
  staleFromX: number | null;
  nowX: number;
}

function Lane({ source, points, xOf, staleFromX, nowX }: LaneProps) {
  const marks = marksOf(points, xOf);
  const total = points.reduce((sum, point) => sum + point.count, 0);
  return (
    <div className={css.lane}>
      <Link
        to="/alerts"
        search={{ integration: source.integration_id, status: 'all' }}
        className={`${css.label} cut`}
        aria-label={`${source.name}, ${count(total, 'signal')} today. Open its alerts`}
      >
        {source.name}
      </Link>
      <div className={css.track} aria-hidden="true">
        {staleFromX !== null && (
          <span className={css.stale} style={{ left: staleFromX, width: Math.max(0, nowX - staleFromX) }} />
        )}
        {marks.map((mark) => (
          <Mark key={mark.key} mark={mark} />
        ))}
      </div>
    </div>
  );
}

function Legend({ span }: { span: string }) {
  return (
    <>
      {severities.map((sev) => (
        <span key={sev} className={css.legend}>
          <SeverityMark sev={sev} /> {sev}
        </span>
      ))}
      <span className="nowrap">{span}</span>
    </>
  );
}

function Ticks({
  ticks,
  xOf,
  zone,
}: {
  ticks: readonly number[];
  xOf: (us: number) => number;
  zone: string;
}) {
  return (
    <div className={css.ticks} aria-hidden="true" style={{ left: LABEL }}>
      {ticks.map((ms) => (
        <span key={ms} className={css.tick} style={{ left: xOf(ms * 1000) }}>
          <span className={css.hour}>{clock(ms, zone)}</span>
        </span>
      ))}
    </div>
  );
}

/** The day's alerts as marks in one lane per source, with a line at now. */
export function AlertStrip({ today, sources }: { today: Board['today']; sources: readonly BoardSource[] }) {
  const zone = useZone();
  const now = useNow();
  const connection = useConnection();
  const { ref, width } = useElementSize();
  const [fromMs, toMs] = [today.from_us / 1000, today.to_us / 1000];
  const room = Math.max(100, width - LABEL - 8);
  const xOf = (us: number) => ((us / 1000 - fromMs) / (toMs - fromMs)) * room;
  const nowX = Math.min(room, xOf(now * 1000));
  const staleX =
    connection.state === 'stale' ? xOf((now - (Date.now() - connection.heardAtMs)) * 1000) : null;
  const loud = sources.filter((source) =>
    today.points.some((point) => point.integration_id === source.integration_id),
  );
  const lanes = loud.length > 0 ? loud : sources.slice(0, 3);
  const n = (value: number) => value.toLocaleString('en');
  const span = `${clock(fromMs, zone)} to ${clock(toMs, zone)} ${zoneName(toMs, zone)}`;
  return (
    <Panel
      title="Alerts today"
      count={`${n(today.accepted)} accepted, ${n(today.alerts)} grouped, ${n(today.paged)} paged`}
      right={<Legend span={span} />}
    >
      <div ref={ref} className={css.strip}>
        <Ticks ticks={hourTicks(fromMs, toMs, Math.floor(room / 64))} xOf={xOf} zone={zone} />
        {lanes.map((source) => (
          <Lane
            key={source.integration_id}
            source={source}
            points={today.points.filter((point) => point.integration_id === source.integration_id)}
            xOf={xOf}
            staleFromX={staleX}
            nowX={nowX}
          />
        ))}
        <span className={css.now} style={{ left: LABEL + nowX }} aria-hidden="true">
          <span className={css.nowLabel} data-left={nowX > room - 70 || undefined}>
            now {clock(now, zone)}
          </span>
        </span>
      </div>
      {today.points.length === 0 && (
        <EmptyState title={`No alert since ${clock(fromMs, zone)}.`}>
          Every integration has a curl line and a test button.
        </EmptyState>
      )}
    </Panel>
  );
}
