import type { ReactNode } from 'react';
import css from './Panel.module.css';

interface PanelProps {
  title: ReactNode;
  /** The count or the scope, beside the title. */
  count?: ReactNode;
  /** Filters, legend or hint at the head's right end. */
  right?: ReactNode;
  /** Inner padding; off for tables and lists that bring their own. */
  padded?: boolean;
  tone?: 'plain' | 'bad';
  children: ReactNode;
  className?: string;
}

/** A titled surface. Panels never nest; inside one, use lines and sunken rows. */
export function Panel({
  title,
  count,
  right,
  padded = false,
  tone = 'plain',
  children,
  className,
}: PanelProps) {
  return (
    <section className={`${css.panel} ${className ?? ''}`} data-tone={tone}>
      <header className={css.head}>
        <h2 className={css.title}>{title}</h2>
        {count !== undefined && <span className={css.count}>{count}</span>}
        {right !== undefined && <div className={css.right}>{right}</div>}
      </header>
      <div className={padded ? css.padded : css.body}>{children}</div>
    </section>
  );
}
