import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Finding } from '@/api/types';
import { cli } from '@/lib/cli';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { useAcceptFinding } from './api';
import { FindingWords } from './FindingWords';
import css from './Oncall.module.css';

const DAY = 86_400_000;
/** A month is long enough to change a roster; whoever needs longer says so. */
const DEFAULT_DAYS = 30;
const MOST_DAYS = 366;

function blockedBy(reason: string, untilMs: number | null): string | null {
  if (!reason.trim()) return 'A reason is needed.';
  if (untilMs === null || untilMs <= serverNow()) return 'The end is over.';
  return untilMs > serverNow() + MOST_DAYS * DAY ? `${MOST_DAYS} days is the most.` : null;
}

/** Lives with a finding for a while: why, until when, and whether it is this one or all of its kind. */
export function AcceptForm({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const zone = useZone();
  const accept = useAcceptFinding();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(() => toWallField(serverNow() + DEFAULT_DAYS * DAY, zone));
  const [every, setEvery] = useState(false);
  const subject = finding.key.split('@')[0] ?? finding.key;
  const key = every ? subject : finding.key;
  const untilMs = fromWallField(until, zone);
  const send = () =>
    untilMs !== null &&
    accept.mutate({ key, reason: reason.trim(), until_us: untilMs * 1000 }, { onSuccess: onClose });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Accept a finding"
      size={560}
      submit="Accept"
      onSubmit={send}
      pending={accept.isPending}
      error={accept.error}
      blocked={blockedBy(reason, untilMs)}
      command={cli('coverage accept', [key], {
        reason,
        until: untilMs === null ? undefined : new Date(untilMs).toISOString(),
      })}
    >
      <div className={css.lead}>
        <FindingWords finding={finding} />
      </div>
      <p className="soft small">
        It stays in the list with your name and reason, and counts again after the end.
      </p>
      <TextInput
        label="Why the organisation lives with it"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={`Until, ${zone}`}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      {subject !== finding.key && (
        <Checkbox
          label={`Every ${subject}, whenever it happens`}
          checked={every}
          onChange={(event) => setEvery(event.currentTarget.checked)}
        />
      )}
    </FormModal>
  );
}
