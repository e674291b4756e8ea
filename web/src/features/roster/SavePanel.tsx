import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { ChangePreview } from '@/features/oncall/ChangePreview';
import { cli } from '@/lib/cli';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { useSaveSchedule } from './api';
import css from './Roster.module.css';
import type { Roster } from './RosterPage';
import {
  blockedBy,
  type Rollout,
  rolloutNames,
  rollouts,
  rolloutWords,
  type ScheduleDocument,
} from './roster';

const choices = rollouts.map((value) => ({ value, label: rolloutNames[value] }));

function When({ roster, zone }: { roster: Roster; zone: string }) {
  return (
    <>
      <TextInput
        type="datetime-local"
        label={`Wanted from, ${zone}`}
        value={roster.from}
        onChange={(event) => roster.setFrom(event.currentTarget.value)}
      />
      <div>
        <p className={css.fieldName}>It takes over</p>
        <SegmentedControl
          fullWidth
          aria-label="It takes over"
          data={choices}
          value={roster.rollout}
          onChange={(rollout) => roster.setRollout(rollout as Rollout)}
        />
        <p className="faint small">{rolloutWords[roster.rollout]}</p>
      </div>
    </>
  );
}

/** From when, how, what it would mean, why: then it is saved as the next version of the pack. */
export function SavePanel({
  document,
  version,
  roster,
}: {
  document: ScheduleDocument;
  version: number;
  roster: Roster;
}) {
  const save = useSaveSchedule(document.id);
  const [reason, setReason] = useState('');
  const [value] = useDebouncedValue(roster.next, 400);
  const idle = !roster.changed && roster.dropped.length === 0;
  const incomplete = roster.changed ? blockedBy(roster.layers, roster.from) : null;
  const blocked = idle
    ? 'Nothing is changed yet.'
    : (incomplete ?? (reason.trim() ? null : 'A reason is needed.'));
  return (
    <Panel title="Take effect" padded>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!blocked) save.mutate({ value: roster.next, reason, base_version: version });
        }}
      >
        <When roster={roster} zone={document.zone} />
        {!idle && !incomplete && (
          <ChangePreview
            change={{ document: { kind: 'schedule', id: document.id, value, text: null, remove: false } }}
          />
        )}
        <TextInput
          label="Reason"
          placeholder="Two people join the nights"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {save.error && (
          <p className="bad small" role="alert">
            {messageOf(save.error)}
          </p>
        )}
        <div className="row">
          <span className="faint small grow" id="why-not">
            {blocked}
          </span>
          <Button
            type="submit"
            size="bar"
            variant="filled"
            loading={save.isPending}
            disabled={Boolean(blocked)}
            aria-describedby="why-not"
          >
            Save the roster
          </Button>
        </div>
        <CliLine command={`decurion export --into pack && ${cli('apply', ['pack'], { reason })}`} />
      </form>
    </Panel>
  );
}
