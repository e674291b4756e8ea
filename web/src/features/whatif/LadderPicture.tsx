import { Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';
import type { WhatIf } from '@/api/types';
import type { Lane, LaneMark, LaneSpan } from './lanes';
import { lanesOf, ticksOf } from './lanes';
import css from './WhatIf.module.css';

const ROW = 30;
const HEAD = 20;
const MINUTE_US = 60_000_000;

function tickLabel(minutes: number): string {
  return minutes < 120 ? `${minutes} min` : `${minutes / 60} h`;
}

/** Silence is hatched and ends in a cross, an answer is solid and ends in a dot, waiting is grey. */
function Span({ span, x, hatch }: { span: LaneSpan; x: (us: number) => number; hatch: string }) {
  const [from, to] = [x(span.fromUs), x(span.toUs)];
  const lost = span.end === 'silent' || span.end === 'unreachable';
  const fill = lost ? `url(#${hatch})` : `var(--d-${span.end === 'answered' ? 'ok-fill' : 'edge'})`;
  return (
    <g>
      <rect x={from} y={-4.5} width={Math.max(2, to - from)} height={9} rx={2} fill={fill} />
      {lost && <path d={`M${to - 3.5} -3.5l7 7m0 -7l-7 7`} stroke="var(--d-bad-fill)" strokeWidth={2} />}
    </g>
  );
}

function Mark({ mark, x }: { mark: LaneMark; x: (us: number) => number }) {
  const at = x(mark.atUs);
  switch (mark.kind) {
    case 'answer':
      return <circle cx={at} r={6} fill="var(--d-ok-fill)" stroke="var(--d-panel)" strokeWidth={2} />;
    case 'told':
      return <circle cx={at + 4} r={4.5} fill="var(--d-info-fill)" />;
    case 'fell':
      return <rect x={at} y={-6} width={12} height={12} rx={2} fill="var(--d-bad-fill)" />;
    case 'failed':
      return <path d={`M${at} -9v5`} stroke="var(--d-bad-fill)" strokeWidth={2} />;
    default:
      return <path d={`M${at} -9v5`} stroke="var(--d-accent-text)" strokeWidth={2} />;
  }
}

function Labels({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <div className={css.labels} style={{ paddingTop: HEAD }} aria-hidden="true">
      {lanes.map((lane) => (
        <Tooltip key={lane.key} label={lane.marks.map((mark) => mark.text).join('. ') || lane.label}>
          <span className="cut" style={{ height: ROW, lineHeight: `${ROW}px` }}>
            {lane.label}
          </span>
        </Tooltip>
      ))}
    </div>
  );
}

function Axis({ ticks, x, height }: { ticks: readonly number[]; x: (m: number) => number; height: number }) {
  return ticks.map((minutes, at) => (
    <g key={minutes} transform={`translate(${x(minutes)} 0)`}>
      <path d={`M0 ${HEAD - 4}V${height}`} stroke="var(--d-line)" />
      <text
        y={11}
        className={css.tick}
        textAnchor={at === 0 ? 'start' : at === ticks.length - 1 ? 'end' : 'middle'}
      >
        {tickLabel(minutes)}
      </text>
    </g>
  ));
}

/** Who is asked when, lane by lane, and how it ends. The same stands in words beside it. */
export function LadderPicture({ run, label }: { run: WhatIf; label: string }) {
  const { ref, width } = useElementSize();
  const hatch = useId();
  const lanes = lanesOf(run);
  const ticks = ticksOf(run);
  const inner = Math.max(0, width - 16);
  const whole = ticks.at(-1) ?? 1;
  const ofMinutes = (minutes: number) => 7 + (minutes / whole) * inner;
  const ofUs = (us: number) => ofMinutes((us - run.at_us) / MINUTE_US);
  const height = HEAD + lanes.length * ROW;
  return (
    <div className={css.picture}>
      <Labels lanes={lanes} />
      <div ref={ref} className="grow">
        <svg width={width} height={height} role="img" aria-label={label}>
          <defs>
            <pattern
              id={hatch}
              width={5}
              height={5}
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width={5} height={5} fill="var(--d-bad-tint)" />
              <rect width={2} height={5} fill="var(--d-bad-fill)" />
            </pattern>
          </defs>
          <Axis ticks={ticks} x={ofMinutes} height={height} />
          {lanes.map((lane, at) => (
            <g key={lane.key} transform={`translate(0 ${HEAD + at * ROW + ROW / 2})`}>
              {lane.spans.map((span) => (
                <Span key={`${span.fromUs} ${span.toUs}`} span={span} x={ofUs} hatch={hatch} />
              ))}
              {lane.marks.map((mark) => (
                <Mark key={`${mark.kind} ${mark.atUs} ${mark.text}`} mark={mark} x={ofUs} />
              ))}
            </g>
          ))}
        </svg>
      </div>
    </div>
  );
}

/** What the marks of the picture mean. */
export function PictureLegend() {
  return (
    <span className={css.legend}>
      <span className="bad">✕ silent</span>
      <span className="ok">● answers</span>
      <span>■ waited for, not needed</span>
      <span style={{ color: 'var(--d-info-text)' }}>● told</span>
    </span>
  );
}
