import type { Finding, Schedule } from '@/api/types';
import { FindingWords } from './Findings';
import css from './Oncall.module.css';
import { OverrideForm } from './OverrideForm';
import type { OverrideDraft } from './override';

/** What is being changed. */
export interface Dialog {
  kind: 'override';
  draft: OverrideDraft;
  finding?: Finding;
}

interface Props {
  dialog: Dialog;
  schedules: readonly Schedule[];
  fromMs: number;
  toMs: number;
  onClose: () => void;
}

/** The dialog that is open on the calendar. */
export function Dialogs({ dialog, ...rest }: Props) {
  const { draft, finding } = dialog;
  const lead = finding && (
    <div className={css.lead}>
      <FindingWords finding={finding} />
    </div>
  );
  return <OverrideForm draft={draft} lead={lead} {...rest} />;
}
