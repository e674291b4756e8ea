import type { ReactElement } from 'react';
import type { LampState } from '@/lib/lamp';

interface LampProps {
  state: LampState;
  /** 18, 20, 22 or 30 px. */
  size?: number;
  /** For `armed`: the share of the countdown that is left, 0 to 1. */
  left?: number;
}

const v = (name: string) => `var(--d-lamp-${name})`;
const C = 10;
const R = 8.5;

function Off() {
  return (
    <circle
      cx={C}
      cy={C}
      r={8.7}
      fill="none"
      stroke={v('off-stroke')}
      strokeWidth={1.3}
      strokeDasharray="2.2 1.9"
    />
  );
}

function Armed({ left }: { left: number }) {
  const length = 2 * Math.PI * R;
  return (
    <>
      <circle cx={C} cy={C} r={R} fill="none" stroke={v('armed-ring')} strokeWidth={2} />
      <circle
        cx={C}
        cy={C}
        r={R}
        fill="none"
        stroke={v('armed-arc')}
        strokeWidth={2}
        strokeDasharray={`${length * left} ${length}`}
        transform={`rotate(-90 ${C} ${C})`}
      />
    </>
  );
}

function Ring({ kind }: { kind: 'paging' | 'part' | 'silent' }) {
  return <circle cx={C} cy={C} r={R} fill={v(`${kind}-bg`)} stroke={v(`${kind}-ring`)} strokeWidth={2} />;
}

function Check({ stroke, width = 2 }: { stroke: string; width?: number }) {
  return (
    <path
      d="M6 10.4l2.8 2.7L14 7.6"
      fill="none"
      stroke={stroke}
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  );
}

function Disc({ fill }: { fill: string }) {
  return <circle cx={C} cy={C} r={9.6} fill={fill} />;
}

function Silent() {
  return (
    <>
      <Ring kind="silent" />
      <path
        d="M7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6"
        stroke={v('silent-cross')}
        strokeWidth={2}
        strokeLinecap="round"
      />
    </>
  );
}

function Told() {
  return (
    <>
      <Disc fill={v('told-bg')} />
      <circle cx={C} cy={6} r={1.3} fill={v('told-i')} />
      <path d="M10 9.2v5.2" stroke={v('told-i')} strokeWidth={2.2} strokeLinecap="round" />
    </>
  );
}

function Hole() {
  return (
    <>
      <rect x={1} y={1} width={18} height={18} rx={3.5} fill={v('hole-bg')} />
      <path d="M10 5v6" stroke={v('hole-bang')} strokeWidth={2.4} strokeLinecap="round" />
      <circle cx={C} cy={14.6} r={1.5} fill={v('hole-bang')} />
    </>
  );
}

function shape(state: LampState, left: number): ReactElement {
  switch (state) {
    case 'off':
      return <Off />;
    case 'armed':
      return <Armed left={left} />;
    case 'paging':
      return (
        <>
          <Ring kind="paging" />
          <circle cx={C} cy={C} r={3.8} fill={v('paging-dot')} />
        </>
      );
    case 'part':
      return (
        <>
          <Ring kind="part" />
          <path d="M10 4.6a5.4 5.4 0 0 0 0 10.8z" fill={v('part-half')} />
        </>
      );
    case 'held':
      return (
        <>
          <Disc fill={v('held-bg')} />
          <Check stroke={v('held-check')} />
        </>
      );
    case 'silent':
      return <Silent />;
    case 'told':
      return <Told />;
    case 'hole':
      return <Hole />;
    case 'stood_down':
      return (
        <>
          <circle cx={C} cy={C} r={R} fill="none" stroke={v('stood-down-ring')} strokeWidth={2} />
          <Check stroke={v('stood-down-check')} width={1.8} />
        </>
      );
  }
}

/** One level's lamp. Decorative by itself: the caller gives the words. */
export function Lamp({ state, size = 18, left = 1 }: LampProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      data-lamp={state}
      style={{ flex: 'none' }}
    >
      {shape(state, left)}
    </svg>
  );
}
