import type { ReactNode } from 'react';
import css from './bits.module.css';

/** A key's cap; shown at desk widths only. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={css.kbd}>{children}</kbd>;
}
