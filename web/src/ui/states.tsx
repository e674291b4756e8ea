import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import css from './states.module.css';

/** An empty place says what fills it and how. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p className="mid">{title}</p>
      {children && <div className="soft small">{children}</div>}
    </div>
  );
}

/** What happened, where, and what to do about it. */
export function ErrorState({ title, detail, retry }: { title: string; detail?: string; retry?: () => void }) {
  return (
    <div className={css.error} role="alert">
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
      <div className="grow">
        <p className="mid">{title}</p>
        {detail && <p className="small">{detail}</p>}
      </div>
      {retry && (
        <Button size="sm" onClick={retry}>
          Retry
        </Button>
      )}
    </div>
  );
}

/** Rows at their final height, shown only when loading takes longer than 200 ms. No shimmer. */
export function LoadingRows({ rows = 5, height = 33 }: { rows?: number; height?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true" style={{ minHeight: rows * height }}>
      <span className="sr">Loading</span>
      {shown &&
        Array.from({ length: rows }, (_, row) => `row ${row}`).map((key) => (
          <div key={key} className={css.row} style={{ height }}>
            <span className={css.bone} />
          </div>
        ))}
    </div>
  );
}
