import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { Panel } from '@/ui/Panel';
import { ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import {
  authorOf,
  nameOf,
  type ObjectKey,
  type PackObjectVersion,
  useObjectHistory,
  useRestoreObject,
} from './api';
import { lineDifference, nearChanges } from './lines';
import css from './Policy.module.css';
import { YamlLines } from './YamlText';

function Restore({ object, version, onClose }: { object: ObjectKey; version: number; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const restore = useRestoreObject(object);
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Bring ${nameOf(object)} back`}
      submit={`Restore from version ${version}`}
      pending={restore.isPending}
      error={restore.error}
      blocked={reason.trim() === '' ? 'Say why, for the record.' : null}
      command={cli('restore', [object.kind, object.id], { to: version, reason })}
      onSubmit={() => restore.mutate({ version, reason }, { onSuccess: onClose })}
    >
      <p>It becomes what it was in version {version}. Everything else stays as it is now.</p>
      <TextInput
        label="Reason"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormModal>
  );
}

function verb({ before, after, origin }: PackObjectVersion): string {
  if (before == null) return 'added';
  if (after == null) return 'removed';
  return origin === 'restore' ? 'restored' : 'changed';
}

function Entry({
  object,
  entry,
  newest,
  onRestore,
}: {
  object: ObjectKey;
  entry: PackObjectVersion;
  newest: boolean;
  onRestore: () => void;
}) {
  return (
    <div className={css.entry}>
      <div className={css.row}>
        <span className="mid">Version {entry.version}</span>
        <span className="soft small">
          {verb(entry)} by {authorOf(entry.author)}, <TimeText us={entry.applied_us} />: {entry.reason}
        </span>
        {!newest && entry.after != null && (
          <Button size="sm" style={{ marginLeft: 'auto' }} onClick={onRestore}>
            Restore
          </Button>
        )}
      </div>
      <YamlLines
        lines={nearChanges(lineDifference(entry.before ?? '', entry.after ?? ''))}
        label={`${nameOf(object)} in version ${entry.version}`}
      />
    </div>
  );
}

/** The versions in which an object changed, and the way back to each. */
export function ObjectHistory({ object }: { object: ObjectKey }) {
  const history = useObjectHistory(object);
  const [restoring, setRestoring] = useState<number | null>(null);
  const entries = history.data?.items ?? [];
  return (
    <Panel title="History" count={entries.length}>
      {history.isError && (
        <ErrorState
          title="The history could not be read."
          detail={messageOf(history.error)}
          retry={() => history.refetch()}
        />
      )}
      {history.isPending && <LoadingRows rows={3} />}
      {entries.map((entry, at) => (
        <Entry
          key={entry.version}
          object={object}
          entry={entry}
          newest={at === 0}
          onRestore={() => setRestoring(entry.version)}
        />
      ))}
      {restoring !== null && (
        <Restore object={object} version={restoring} onClose={() => setRestoring(null)} />
      )}
    </Panel>
  );
}
