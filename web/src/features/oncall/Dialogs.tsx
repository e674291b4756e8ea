import type { Finding, HandoffNote, Schedule, Swap } from '@/api/types';
import { AcceptForm } from './AcceptForm';
import { AwayForm } from './AwayForm';
import type { Block } from './calendar';
import { FindingWords } from './FindingWords';
import { NoteForm } from './NoteForm';
import { NoteView } from './NoteView';
import css from './Oncall.module.css';
import { OverrideForm } from './OverrideForm';
import type { OverrideDraft } from './override';
import { SwapForm } from './SwapForm';
import { TakeForm } from './TakeForm';

/** What is being changed or read; one at a time. */
export type Dialog =
  | { kind: 'override'; draft: OverrideDraft; finding?: Finding }
  | { kind: 'accept'; finding: Finding }
  | { kind: 'swap'; block: Block; trade: boolean }
  | { kind: 'take'; swap: Swap }
  | { kind: 'away'; personId: string | null; sick: boolean }
  | { kind: 'write'; scheduleId: string | null }
  | { kind: 'note'; note: HandoffNote };

interface Props {
  dialog: Dialog;
  schedules: readonly Schedule[];
  fromMs: number;
  toMs: number;
  onClose: () => void;
}

function Override({ dialog, ...rest }: Props & { dialog: Dialog & { kind: 'override' } }) {
  const { draft, finding } = dialog;
  const lead = finding && (
    <div className={css.lead}>
      <FindingWords finding={finding} />
    </div>
  );
  return <OverrideForm draft={draft} lead={lead} {...rest} />;
}

/** The dialog that is open on the calendar. */
export function Dialogs({ dialog, ...rest }: Props) {
  switch (dialog.kind) {
    case 'override':
      return <Override dialog={dialog} {...rest} />;
    case 'accept':
      return <AcceptForm finding={dialog.finding} onClose={rest.onClose} />;
    case 'swap':
      return <SwapForm block={dialog.block} trade={dialog.trade} {...rest} />;
    case 'take':
      return <TakeForm swap={dialog.swap} {...rest} />;
    case 'away':
      return <AwayForm personId={dialog.personId} sick={dialog.sick} {...rest} />;
    case 'write':
      return <NoteForm scheduleId={dialog.scheduleId} schedules={rest.schedules} onClose={rest.onClose} />;
    case 'note':
      return <NoteView note={dialog.note} onClose={rest.onClose} />;
  }
}
