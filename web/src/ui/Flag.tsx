import type { ReactNode } from 'react';
import css from './chips.module.css';

export type Tone = 'plain' | 'info' | 'ok' | 'warn' | 'bad' | 'accent' | 'drill';

/** A small fact beside a name: customer-facing, drill, proven. */
export function Flag({
  tone = 'plain',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={css.flag} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
