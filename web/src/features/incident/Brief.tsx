import { Modal } from '@mantine/core';
import { messageOf } from '@/api/client';
import type { Incident } from '@/api/types';
import { cli } from '@/lib/cli';
import { CliLine, CopyBlock } from '@/ui/CliLine';
import { ErrorState, LoadingRows } from '@/ui/states';
import css from './Incident.module.css';
import { useBrief } from './queries';

/** The page that CISO and CTO get, generated from the record; nothing in it is typed by hand. */
export function Brief({
  incident,
  opened,
  onClose,
}: {
  incident: Incident;
  opened: boolean;
  onClose: () => void;
}) {
  const brief = useBrief(incident.reference, opened);
  return (
    <Modal opened={opened} onClose={onClose} title={`Executive brief, ${incident.reference}`} size={680}>
      <div className={css.brief}>
        {brief.isError && (
          <ErrorState
            title="The brief could not be written."
            detail={messageOf(brief.error)}
            retry={() => brief.refetch()}
          />
        )}
        {brief.isPending && <LoadingRows rows={8} height={20} />}
        {brief.data && <CopyBlock text={brief.data.text} label="the brief" />}
        <CliLine command={cli('incident brief', [incident.reference])} />
      </div>
    </Modal>
  );
}
