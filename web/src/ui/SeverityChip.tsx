import type { ReactElement } from 'react';
import css from './chips.module.css';
import { type Severity, severity } from './severity';

const shapes: Record<Severity, (fill: string, stroke: string) => ReactElement> = {
  sev1: (fill) => <rect x="1" y="1" width="8" height="8" rx="1" fill={fill} />,
  sev2: (fill) => <path d="M5 .6l4.7 8.6H.3z" fill={fill} />,
  sev3: (fill, stroke) => <path d="M5 .4L9.6 5 5 9.6.4 5z" fill={fill} stroke={stroke} strokeWidth=".8" />,
  sev4: (_fill, stroke) => <circle cx="5" cy="5" r="3.6" fill="none" stroke={stroke} strokeWidth="1.8" />,
};

/** Square, triangle, diamond, ring: the severity without colour. */
export function SeverityMark({
  sev,
  size = 10,
  onChip = false,
}: {
  sev: Severity;
  size?: number;
  onChip?: boolean;
}) {
  const fill = onChip ? 'currentColor' : `var(--d-${sev}-mark)`;
  const stroke = onChip ? 'currentColor' : `var(--d-${sev}-mark-stroke)`;
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden="true" style={{ flex: 'none' }}>
      {shapes[sev](fill, stroke)}
    </svg>
  );
}

export function SeverityChip({ value }: { value: string }) {
  const sev = severity(value);
  return (
    <span className={css.severity} data-sev={sev}>
      <SeverityMark sev={sev} onChip />
      {sev.toUpperCase()}
    </span>
  );
}
