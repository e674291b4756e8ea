import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type MouseEvent, useMemo, useState } from 'react';
import type { WhatIfSweep } from '@/api/types';
import { day, instant, isoDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { TimeText } from '@/ui/TimeText';
import { cellAt, cellsOf, daysOf, type HeatCell, heatWords } from './heat';
import { lengthOf } from './lanes';
import css from './WhatIf.module.css';

const HEIGHT = 168;
const fills = [
  'var(--d-ok-tint)',
  'var(--d-warn-line)',
  'var(--d-warn-fill)',
  'var(--d-bad-line)',
  'var(--d-bad-fill)',
];

function words(toHumanUs: number | null): string {
  return toHumanUs === null ? 'nobody answers' : `a human after ${lengthOf(toHumanUs)}`;
}

function Shares({ sweep }: { sweep: WhatIfSweep }) {
  const whole = Math.max(1, sweep.to_us - sweep.from_us);
  return (
    <dl className={css.shares}>
      {sweep.shares.map((share) => (
        <div key={share.to_human_us ?? 'nobody'} className={css.share}>
          <dt className={share.to_human_us === null ? 'bad' : ''}>
            {share.to_human_us === null ? 'Nobody answers' : lengthOf(share.to_human_us)}
          </dt>
          <dd className="num">{((share.us / whole) * 100).toFixed(2)} % of the time</dd>
        </div>
      ))}
    </dl>
  );
}

function Legend({ cells }: { cells: readonly HeatCell[] }) {
  return (
    <span className={css.legendHead}>
      {heatWords.map((word, heat) =>
        cells.some((cell) => cell.heat === heat) ? (
          <span key={word} className="row">
            <span className={css.swatch} style={{ background: fills[heat] }} />
            {word}
          </span>
        ) : null,
      )}
    </span>
  );
}

/** The first of each month, and where it stands. */
function Months({ days, width, zone }: { days: readonly number[]; width: number; zone: string }) {
  const per = width / Math.max(1, days.length - 1);
  return days
    .slice(0, -1)
    .map((ms, at) => ({ ms, at }))
    .filter(({ ms, at }) => at === 0 || isoDay(ms, zone).endsWith('-01'))
    .filter(({ at }, index, all) => index > 0 || (all[1]?.at ?? 99) > 6 || at > 0)
    .map(({ ms, at }) => (
      <text key={ms} x={at * per} y={11} className={css.tick}>
        {day(ms, zone).slice(4)}
      </text>
    ));
}

interface StripProps {
  cells: readonly HeatCell[];
  days: readonly number[];
  chosenMs: number | null;
  label: string;
  onPick: (atMs: number) => void;
  onPoint: (cell: HeatCell | undefined) => void;
}

function Strip({ cells, days, chosenMs, label, onPick, onPoint }: StripProps) {
  const zone = useZone();
  const { ref, width } = useElementSize();
  const count = Math.max(1, days.length - 1);
  const per = width / count;
  const under = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const y = (event.clientY - box.top - 16) / HEIGHT;
    return y < 0 ? undefined : cellAt(cells, count, (event.clientX - box.left) / box.width, y);
  };
  return (
    <div className={css.strip}>
      <div className={css.hours} aria-hidden="true">
        {['00', '06', '12', '18'].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
      <div ref={ref} className="grow">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the worst moment and the form's own field are within the keyboard's reach */}
        <svg
          width={width}
          height={HEIGHT + 16}
          role="img"
          aria-label={label}
          onClick={(event) => {
            const cell = under(event);
            if (cell) onPick(cell.atMs);
          }}
          onMouseMove={(event) => onPoint(under(event))}
          onMouseLeave={() => onPoint(undefined)}
        >
          <Months days={days} width={width} zone={zone} />
          {cells.map((cell) => (
            <rect
              key={`${cell.day} ${cell.top}`}
              x={cell.day * per}
              y={16 + cell.top * HEIGHT}
              width={Math.max(0.5, per - (per > 6 ? 1 : 0.4))}
              height={cell.height * HEIGHT - 0.6}
              fill={fills[cell.heat]}
              stroke={cell.atMs === chosenMs ? 'var(--d-text)' : undefined}
              strokeWidth={2}
            />
          ))}
        </svg>
      </div>
    </div>
  );
}

interface HeatProps {
  sweep: WhatIfSweep;
  /** What is shown is the answer to the question before. */
  old: boolean;
  chosenMs: number | null;
  onPick: (atMs: number) => void;
}

/** Every hour of the days ahead with its worst moment; the worst of all is one click away. */
export function Heat({ sweep, old, chosenMs, onPick }: HeatProps) {
  const zone = useZone();
  const days = useMemo(() => daysOf(sweep, zone), [sweep, zone]);
  const cells = useMemo(() => cellsOf(sweep, days), [sweep, days]);
  const [pointed, setPointed] = useState<HeatCell>();
  const worst = sweep.worst;
  const longest = worst ? words(worst.to_human_us) : 'nothing was played';
  return (
    <Panel
      title="Longest time to a human"
      count={`${days.length - 1} days, every instant`}
      right={<Legend cells={cells} />}
      padded
    >
      <div className={css.worst}>
        <p className={css.headline}>
          {worst?.to_human_us == null ? 'Nobody answers' : lengthOf(worst.to_human_us)}
        </p>
        {worst && (
          <>
            <p className="soft">
              first at <TimeText us={worst.at_us} seconds />
            </p>
            <Button loading={old} onClick={() => onPick(worst.at_us / 1000)}>
              Show the worst moment
            </Button>
          </>
        )}
        <p className="faint small" aria-live="off">
          {pointed
            ? `${instant(pointed.atMs, zone, 0, true)}: ${words(pointed.toHumanUs)}`
            : 'Choose an hour to play it.'}
        </p>
      </div>
      <Strip
        cells={cells}
        days={days}
        chosenMs={chosenMs}
        label={`Hours by day. The longest: ${longest}.`}
        onPick={onPick}
        onPoint={setPointed}
      />
      <Shares sweep={sweep} />
    </Panel>
  );
}
