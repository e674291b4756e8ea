import { useEffect, useRef, useState } from 'react';
import { useKeys } from './keys';

interface CursorOptions {
  length: number;
  group: string;
  onOpen: (at: number) => void;
}

/** `j` and `k` move through a list, `Enter` opens; the chosen row is kept in view. */
export function useListCursor({ length, group, onOpen }: CursorOptions) {
  const [at, setAt] = useState(-1);
  const rows = useRef<(HTMLElement | null)[]>([]);
  useEffect(() => {
    if (at >= length) setAt(length - 1);
  }, [at, length]);
  const move = (step: number) => {
    const next = Math.min(Math.max(at + step, 0), length - 1);
    setAt(next);
    rows.current[next]?.scrollIntoView({ block: 'nearest' });
  };
  const off = length === 0 ? 'nothing listed' : undefined;
  useKeys([
    { keys: 'j', label: 'Next', group, off, run: () => move(1) },
    { keys: 'k', label: 'Previous', group, off, run: () => move(-1) },
    {
      keys: 'Enter',
      label: 'Open',
      group,
      off: at < 0 ? 'choose a row with j first' : off,
      run: () => onOpen(at),
    },
  ]);
  return {
    at,
    rowRef: (index: number) => (node: HTMLElement | null) => {
      rows.current[index] = node;
    },
  };
}
