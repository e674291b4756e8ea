import { Portal } from '@mantine/core';
import { formatLength } from '@/lib/countdown';
import { shortName } from '@/lib/names';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import css from './Calendar.module.css';
import { type Drag, useDrag } from './drag';

function wordsOf({ grip, startMs, endMs, onto }: Drag, zone: string): [string, string] {
  const when = range(startMs, endMs, zone);
  if (grip.kind === 'move') {
    const to = onto && onto.id !== grip.block.personId ? shortName(onto.name) : null;
    return [`${shortName(grip.block.name)} → ${to ?? 'drop on a person'}`, when];
  }
  const length = endMs > startMs ? formatLength((endMs - startMs) / 1000) : 'no change';
  return [when, length];
}

/** What letting go now would mean, beside the pointer. */
export function DragLabel() {
  const zone = useZone();
  const drag = useDrag();
  if (!drag) return null;
  const [first, second] = wordsOf(drag, zone);
  const left = Math.min(drag.x + 14, window.innerWidth - 300);
  return (
    <Portal>
      <div className={css.dragLabel} style={{ left, top: drag.y + 16 }} role="status">
        <span className="strong">{first}</span>
        <span>{second}</span>
      </div>
    </Portal>
  );
}
