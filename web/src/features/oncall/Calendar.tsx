import { useElementSize } from '@mantine/hooks';
import { type MouseEvent, useMemo, useRef } from 'react';
import { levelShort } from '@/lib/lamp';
import { useMinute } from '@/lib/serverClock';
import { PersonName } from '@/ui/Person';
import css from './Calendar.module.css';
import type { Block, Row } from './calendar';
import { DragLabel } from './DragLabel';
import { DragContext } from './drag';
import { HoverTip } from './HoverTip';
import type { OverrideDraft } from './override';
import { onArrow } from './roving';
import { Strip } from './Strip';
import type { Holiday } from './StripHead';
import { useCalendarDrag } from './useCalendarDrag';

interface CalendarProps {
  rows: readonly Row[];
  strips: readonly (readonly number[])[];
  holidays: readonly Holiday[];
  snapMinutes: number;
  /** Hours beside each line. */
  loads: boolean;
  /** Why nothing can be dragged now. */
  off: string | null;
  onOpen: (block: Block, at: HTMLElement) => void;
  onDraft: (draft: OverrideDraft) => void;
}

/** The executives are told, not on shifts: one line says who. */
function Told({ row }: { row: Row }) {
  return (
    <p className={css.told}>
      <span className="strong">Exec</span>
      {row.lanes.flat().map((block) => (
        <PersonName key={block.key} id={block.personId} name={block.name} />
      ))}
      <span className="soft">Standing duty</span>
    </p>
  );
}

const none: readonly Row[] = [];

/** The lines below each other for every week (or for one day): shifts, gaps in red, a line at now. */
export function Calendar(props: CalendarProps) {
  const { rows, strips, holidays, snapMinutes, loads, off, onOpen, onDraft } = props;
  const now = useMinute();
  const root = useRef<HTMLElement>(null);
  const { ref: sized, width } = useElementSize();
  const told = rows.filter((row) => row.standing && row.kind === 'level' && levelShort(row.label) === 'Ex');
  const drawn = useMemo(
    () => (told.length > 0 ? rows.filter((row) => !told.includes(row)) : rows),
    [rows, told],
  );
  const { store, handlers } = useCalendarDrag(root, { rows: drawn, strips, snapMinutes, off, onDraft });
  const [fromMs, toMs] = [strips[0]?.[0] ?? 0, strips.at(-1)?.at(-1) ?? 0];
  const all = drawn.flatMap((row) => row.lanes.flat());
  const opening = all.filter((block) => block.scheduleId && block.endMs > fromMs && block.startMs < toMs);
  const stop = (opening.find((block) => block.endMs > now) ?? opening[0])?.key;
  const blockOf = (target: EventTarget | null) => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-block]') : null;
    const block = all.find((each) => each.key === element?.dataset.block);
    return element && block ? { element, block } : null;
  };
  const onClick = (event: MouseEvent) => {
    const found = blockOf(event.target);
    if (found?.element.tagName === 'BUTTON') onOpen(found.block, found.element);
  };
  return (
    <DragContext value={store}>
      <section
        ref={root}
        className={css.calendar}
        data-loads={loads || undefined}
        data-labels={drawn.some((row) => row.kind !== 'level') || undefined}
        aria-label="Calendar. Arrow keys move between shifts, Enter opens one."
        onClick={onClick}
        onKeyDown={onArrow}
        {...handlers}
      >
        <div className={css.ruler} aria-hidden="true">
          <span ref={sized} className={css.rulerBody} />
        </div>
        {strips.map((days) => (
          <Strip
            key={`${days[0]} ${days.length}`}
            days={days}
            rows={drawn}
            width={width}
            nowMs={now}
            holidays={holidays}
            loads={loads}
            stopKey={stop}
          />
        ))}
        {(told.length > 0 ? told : none).map((row) => (
          <Told key={row.key} row={row} />
        ))}
        <HoverTip root={root} blockOf={blockOf} />
        <DragLabel />
      </section>
    </DragContext>
  );
}
