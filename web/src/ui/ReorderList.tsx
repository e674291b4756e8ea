import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconX } from '@tabler/icons-react';
import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import css from './ReorderList.module.css';

/** The list with the item at `from` at the place `to`. */
export function reordered<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, at) => at !== from);
  const moved = items[from];
  return moved === undefined ? rest : [...rest.slice(0, to), moved, ...rest.slice(to)];
}

/** Where an item lands that is dragged by `dy` px, in rows of `height` px. */
export function landing(from: number, dy: number, height: number, count: number): number {
  return Math.min(count - 1, Math.max(0, from + Math.round(dy / height)));
}

interface Props {
  label: string;
  items: readonly { key: string; name: string; content: ReactNode }[];
  onMove: (from: number, to: number) => void;
  onRemove: (at: number) => void;
}

interface Held {
  from: number;
  to: number;
  y: number;
  height: number;
}

/** An order that is changed by dragging a handle, or with the arrows beside each item. */
export function ReorderList({ label, items, onMove, onRemove }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<Held | null>(null);
  const onDown = (event: PointerEvent<HTMLElement>, from: number) => {
    const height = list.current?.children[0]?.getBoundingClientRect().height ?? 36;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld({ from, to: from, y: event.clientY, height });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (held) setHeld({ ...held, to: landing(held.from, event.clientY - held.y, held.height, items.length) });
  };
  const onUp = () => {
    if (held && held.to !== held.from) onMove(held.from, held.to);
    setHeld(null);
  };
  return (
    <ol ref={list} className={css.list} aria-label={label}>
      {items.map(({ key, name, content }, at) => (
        <li
          key={key}
          className={css.item}
          data-held={held?.from === at || undefined}
          data-before={(held && held.to === at && held.to < held.from) || undefined}
          data-after={(held && held.to === at && held.to > held.from) || undefined}
        >
          <span
            className={css.handle}
            aria-hidden="true"
            data-handle={at}
            onPointerDown={(event) => onDown(event, at)}
            onPointerMove={onPointerMove}
            onPointerUp={onUp}
            onPointerCancel={() => setHeld(null)}
          >
            <IconGripVertical size={14} stroke={1.75} />
          </span>
          <span className={css.place}>{at + 1}</span>
          <span className={css.content}>{content}</span>
          <ActionIcon
            variant="subtle"
            color="slate"
            aria-label={`${name}: earlier`}
            disabled={at === 0}
            onClick={() => onMove(at, at - 1)}
          >
            <IconArrowUp size={14} stroke={1.75} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="slate"
            aria-label={`${name}: later`}
            disabled={at === items.length - 1}
            onClick={() => onMove(at, at + 1)}
          >
            <IconArrowDown size={14} stroke={1.75} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="slate"
            aria-label={`${name}: remove`}
            onClick={() => onRemove(at)}
          >
            <IconX size={14} stroke={1.75} />
          </ActionIcon>
        </li>
      ))}
    </ol>
  );
}
