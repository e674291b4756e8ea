import type { ReactNode } from 'react';
import css from './bits.module.css';

interface BannerProps {
  tone: 'bad' | 'warn' | 'info';
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** The one worst thing, with the one action that mends it. Absent when there is nothing. */
export function Banner({ tone, icon, title, children, actions }: BannerProps) {
  return (
    <div className={css.banner} data-tone={tone} role="status">
      <span className={css.bannerHead} aria-hidden="true">
        {icon}
      </span>
      <p className={css.bannerText}>
        <span className={css.bannerHead}>{title}</span> {children}
      </p>
      {actions && <div className={css.bannerActions}>{actions}</div>}
    </div>
  );
}
