import { Portal } from '@mantine/core';
import { type RefObject, useEffect, useState } from 'react';
import { useZone } from '@/lib/zone';
import { wordsOf } from './BlockView';
import css from './Calendar.module.css';
import type { Block } from './calendar';
import { useDrag } from './drag';

interface Hovered {
  block: Block;
  box: DOMRect;
}

const DELAY_MS = 250;

/** One tip for the whole calendar: what the block under the pointer or the focus is. */
export function HoverTip({
  root,
  blockOf,
}: {
  root: RefObject<HTMLElement | null>;
  blockOf: (target: EventTarget | null) => { element: HTMLElement; block: Block } | null;
}) {
  const zone = useZone();
  const dragging = useDrag() !== null;
  const [hovered, setHovered] = useState<Hovered | null>(null);
  useEffect(() => {
    const node = root.current;
    if (!node) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (event: Event) => {
      clearTimeout(timer);
      const found = blockOf(event.target);
      if (!found) return setHovered(null);
      timer = setTimeout(
        () => setHovered({ block: found.block, box: found.element.getBoundingClientRect() }),
        DELAY_MS,
      );
    };
    const hide = () => {
      clearTimeout(timer);
      setHovered(null);
    };
    const over = ['pointerover', 'focusin'];
    const out = ['pointerleave', 'focusout', 'pointerdown', 'click'];
    for (const name of over) node.addEventListener(name, show);
    for (const name of out) node.addEventListener(name, hide);
    document.addEventListener('scroll', hide, true);
    return () => {
      clearTimeout(timer);
      for (const name of over) node.removeEventListener(name, show);
      for (const name of out) node.removeEventListener(name, hide);
      document.removeEventListener('scroll', hide, true);
    };
  }, [root, blockOf]);
  if (!hovered || dragging) return null;
  const { box, block } = hovered;
  const left = Math.min(Math.max(box.left + box.width / 2, 180), window.innerWidth - 180);
  const below = box.top < 90;
  return (
    <Portal>
      <div
        className={css.tip}
        data-below={below || undefined}
        style={{ left, top: below ? box.bottom + 6 : box.top - 6 }}
        aria-hidden="true"
      >
        {wordsOf(block, zone)}
      </div>
    </Portal>
  );
}
