import { serverNow } from '@/lib/serverClock';
import type { Block } from './calendar';
import type { Dialog } from './Dialogs';
import { draftOf, fromNow } from './override';
import type { ShiftAction } from './ShiftCard';

/** What can be done with a shift; nothing with one that is over. */
export function actionsFor(
  block: Block,
  open: (dialog: Dialog) => void,
  roster: (scheduleId: string) => void,
): ShiftAction[] {
  const now = serverNow();
  const { scheduleId } = block;
  if (block.endMs <= now || !scheduleId || block.shadow) return [];
  const draft = fromNow(draftOf(block), now);
  const left = { ...block, startMs: draft.startMs ?? block.startMs };
  return [
    { label: 'Replace', tone: 'filled', run: () => open({ kind: 'override', draft }) },
    { label: 'Ask for cover', run: () => open({ kind: 'swap', block: left, trade: false }) },
    { label: 'Trade', run: () => open({ kind: 'swap', block: left, trade: true }) },
    { label: 'Sick', run: () => open({ kind: 'away', personId: block.personId, sick: true }) },
    { label: 'Roster', run: () => roster(scheduleId) },
  ];
}
