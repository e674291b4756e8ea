import { type PointerEvent, type RefObject, useEffect, useMemo, useRef } from 'react';
import { serverNow } from '@/lib/serverClock';
import { useZone } from '@/lib/zone';
import type { Block, Row } from './calendar';
import { type Drag, DragStore, draftOfDrag, type Grip, gripOf, SLACK_PX, stretchOf } from './drag';
import type { OverrideDraft } from './override';
import { instantAt, snap } from './span';

interface Options {
  rows: readonly Row[];
  strips: readonly (readonly number[])[];
  snapMinutes: number;
  /** Why nothing can be dragged now; null when it can. */
  off: string | null;
  onDraft: (draft: OverrideDraft) => void;
}

interface Down {
  pointer: number;
  x: number;
  y: number;
  row: Row;
  lane: number;
  block: Block | undefined;
  edge: 'start' | 'end' | undefined;
  atMs: number;
}

/** How near to a shift's edge a pointer must be to catch it, in px. */
const MAGNET_PX = 6;
/** Nearer than this to the top or bottom of the page, a drag scrolls it. */
const SCROLL_PX = 48;

function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}

/** The strip under a height of the screen, or the nearest one. */
function stripAt(root: HTMLElement, y: number): HTMLElement | null {
  const bodies = [...root.querySelectorAll<HTMLElement>('[data-strip]')];
  const distance = (body: HTMLElement) => {
    const box = body.getBoundingClientRect();
    return Math.max(box.top - y, y - box.bottom, 0);
  };
  return bodies.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

function personAt(x: number, y: number): Drag['onto'] {
  for (const element of document.elementsFromPoint(x, y)) {
    const target = element.closest<HTMLElement>('[data-person]');
    const { person, personName } = target?.dataset ?? {};
    if (person) return { id: person, name: personName ?? person };
  }
  return null;
}

function scrollNear(y: number): void {
  const page = document.getElementById('page');
  if (!page) return;
  const box = page.getBoundingClientRect();
  if (y < box.top + SCROLL_PX) page.scrollBy({ top: -12 });
  if (y > box.bottom - SCROLL_PX) page.scrollBy({ top: 12 });
}

/** Drawing a stretch, moving an edge and carrying a shift with the pointer; Escape lets go without a change. */
export function useCalendarDrag(root: RefObject<HTMLElement | null>, options: Options) {
  const zone = useZone();
  const store = useMemo(() => new DragStore(), []);
  const down = useRef<Down | null>(null);
  const latest = useRef(options);
  latest.current = options;

  const instantOf = (event: PointerEvent, row: Row, lane: number): number => {
    const body = root.current && stripAt(root.current, event.clientY);
    const days = latest.current.strips.find((strip) => String(strip[0]) === body?.dataset.strip);
    if (!body || !days) return 0;
    const box = body.getBoundingClientRect();
    const ms = instantAt(days, (event.clientX - box.left) / box.width);
    const msPerPx = ((days.at(-1) ?? 0) - (days[0] ?? 0)) / box.width;
    const edges = (row.lanes[lane] ?? []).flatMap((block) => [block.startMs, block.endMs]);
    return snap(ms, { minutes: latest.current.snapMinutes, zone, edges, reachMs: MAGNET_PX * msPerPx });
  };

  const release = () => {
    down.current = null;
    store.set(null);
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !store.get()) return;
      event.stopPropagation();
      down.current = null;
      store.set(null);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [store]);

  const onPointerDown = (event: PointerEvent) => {
    const laneEl = closest(event.target, '[data-lane]');
    const row = latest.current.rows.find((each) => each.key === laneEl?.dataset.row);
    if (event.button !== 0 || !laneEl || !row || row.kind === 'layer' || latest.current.off) return;
    const lane = Number(laneEl.dataset.lane);
    const key = closest(event.target, '[data-block]')?.dataset.block;
    const edge = closest(event.target, '[data-edge]')?.dataset.edge as Down['edge'];
    const block = row.lanes.flat().find((each) => each.key === key);
    const at = { pointer: event.pointerId, x: event.clientX, y: event.clientY };
    down.current = { ...at, row, lane, block, edge, atMs: instantOf(event, row, lane) };
  };

  const update = (event: PointerEvent, grip: Grip) => {
    const onto = grip.kind === 'move' ? personAt(event.clientX, event.clientY) : null;
    const stretch = stretchOf(grip, instantOf(event, grip.row, grip.lane));
    store.set({ grip, ...stretch, onto, x: event.clientX, y: event.clientY });
    scrollNear(event.clientY);
  };

  const onPointerMove = (event: PointerEvent) => {
    const at = down.current;
    if (!at || at.pointer !== event.pointerId) return;
    const going = store.get();
    if (going) return update(event, going.grip);
    const [dx, dy] = [event.clientX - at.x, event.clientY - at.y];
    if (Math.hypot(dx, dy) < SLACK_PX) return;
    const grip = gripOf(at, dx, dy);
    if (!grip) return release();
    root.current?.setPointerCapture(event.pointerId);
    update(event, grip);
  };

  const onPointerUp = () => {
    const done = store.get();
    release();
    if (!done) return;
    const all = latest.current.rows.filter((row) => row.kind !== 'layer').flatMap((row) => row.lanes.flat());
    const draft = draftOfDrag(done, all, serverNow());
    if (draft) latest.current.onDraft(draft);
  };

  return { store, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: release } };
}
