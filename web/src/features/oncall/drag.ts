import { createContext, useContext, useSyncExternalStore } from 'react';
import { type Block, overlaps, type Row } from './calendar';
import { draftOfEdge, draftOfStretch, fromNow, handOver, type OverrideDraft } from './override';

/** What a pointer has hold of. */
export type Grip =
  | { kind: 'stretch'; row: Row; lane: number; fromMs: number }
  | { kind: 'edge'; row: Row; lane: number; block: Block; edge: 'start' | 'end' }
  | { kind: 'move'; row: Row; lane: number; block: Block };

/** A drag under way: the stretch that it covers, or the person over whom a shift is held. */
export interface Drag {
  grip: Grip;
  startMs: number;
  endMs: number;
  onto: { id: string; name: string } | null;
  /** Pointer on the screen in px, for the label that follows it. */
  x: number;
  y: number;
}

/** Holds the drag outside of React's tree, so that only its outline is drawn again while it moves. */
export class DragStore {
  private drag: Drag | null = null;
  private readonly listeners = new Set<() => void>();

  readonly get = (): Drag | null => this.drag;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(next: Drag | null): void {
    this.drag = next;
    for (const listener of this.listeners) listener();
  }
}

const idle = new DragStore();
export const DragContext = createContext<DragStore>(idle);

export function useDrag(): Drag | null {
  const store = useContext(DragContext);
  return useSyncExternalStore(store.subscribe, store.get);
}

/** How far a pointer moves before it drags, in px. */
export const SLACK_PX = 5;

/** What a pointer that went down on a lane takes hold of, by where it went down and where it goes first. */
export function gripOf(
  down: { row: Row; lane: number; block: Block | undefined; edge: 'start' | 'end' | undefined; atMs: number },
  dx: number,
  dy: number,
): Grip | null {
  const { row, lane, block, edge, atMs } = down;
  const changeable = block && !block.gap && block.scheduleId ? block : undefined;
  if (changeable && edge) return { kind: 'edge', row, lane, block: changeable, edge };
  if (changeable && Math.abs(dy) > Math.abs(dx)) return { kind: 'move', row, lane, block: changeable };
  if (block && !block.gap && !block.scheduleId) return null;
  return { kind: 'stretch', row, lane, fromMs: atMs };
}

/** The stretch that a grip covers when the pointer is at `atMs`; an edge never passes the shift's other one. */
export function stretchOf(grip: Grip, atMs: number): { startMs: number; endMs: number } {
  if (grip.kind === 'move') return { startMs: grip.block.startMs, endMs: grip.block.endMs };
  if (grip.kind === 'stretch')
    return { startMs: Math.min(grip.fromMs, atMs), endMs: Math.max(grip.fromMs, atMs) };
  const { startMs, endMs } = grip.block;
  const [from, to] =
    grip.edge === 'end' ? [endMs, Math.max(atMs, startMs)] : [startMs, Math.min(atMs, endMs)];
  return { startMs: Math.min(from, to), endMs: Math.max(from, to) };
}

/** The block of the same schedule that meets a block at its start or its end. */
export function neighbourOf(
  blocks: readonly Block[],
  block: Block,
  edge: 'start' | 'end',
): Block | undefined {
  const meets = (other: Block) =>
    edge === 'start' ? other.endMs === block.startMs : other.startMs === block.endMs;
  return blocks.find((other) => other.scheduleId === block.scheduleId && meets(other));
}

/** What is being dragged over a person's own line: they leave their stretch, or they take one. */
function draftOfPerson(row: Row, startMs: number, endMs: number, all: readonly Block[]): OverrideDraft {
  const own = draftOfStretch(row.lanes.flat(), undefined, startMs, endMs);
  if (own.kind === 'replace') return own;
  const hole = all.find((block) => block.gap && overlaps(block, { startMs, endMs }));
  const covered = hole
    ? { startMs: Math.max(startMs, hole.startMs), endMs: Math.min(endMs, hole.endMs) }
    : { startMs, endMs };
  const kind = hole ? 'add' : 'fixed';
  return { kind, scheduleId: hole?.scheduleId ?? undefined, byId: row.personId, ...covered };
}

/** What letting go means among all blocks of the calendar, or null when nothing would change. */
export function draftOfDrag(drag: Drag, all: readonly Block[], nowMs: number): OverrideDraft | null {
  const { grip, startMs, endMs, onto } = drag;
  if (grip.kind === 'move') {
    return onto && onto.id !== grip.block.personId ? handOver(grip.block, onto.id, nowMs) : null;
  }
  if (endMs <= startMs) return null;
  if (grip.kind === 'edge') {
    const base = grip.block[`${grip.edge}Ms`];
    const toMs = startMs === base ? endMs : startMs;
    return draftOfEdge(grip.block, grip.edge, toMs, neighbourOf(all, grip.block, grip.edge));
  }
  if (grip.row.kind === 'person') return fromNow(draftOfPerson(grip.row, startMs, endMs, all), nowMs);
  const lane = grip.row.lanes[grip.lane] ?? [];
  return draftOfStretch(lane, grip.row.scheduleIds[0], startMs, endMs);
}
