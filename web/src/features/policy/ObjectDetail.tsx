import { Button } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { cli } from '@/lib/cli';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { ErrorState, LoadingRows } from '@/ui/states';
import { nameOf, type ObjectKey, useObject } from './api';
import { EditObject } from './EditObject';
import { ObjectHistory } from './ObjectHistory';
import css from './Policy.module.css';
import { YamlText } from './YamlText';

/** One object of the pack: its text, a change of it, its history. */
export function ObjectDetail({ object }: { object: ObjectKey }) {
  const found = useObject(object);
  const [editing, setEditing] = useState(false);
  const { data } = found;
  return (
    <div className={css.right}>
      <Panel
        title={nameOf(object)}
        count={data && `${data.file}:${data.line}`}
        padded
        right={data && <Button onClick={() => setEditing(true)}>Change</Button>}
      >
        {found.isError && (
          <ErrorState
            title="The object could not be read."
            detail={messageOf(found.error)}
            retry={() => found.refetch()}
          />
        )}
        {found.isPending && <LoadingRows rows={6} />}
        {data && (
          <div className={css.stack}>
            <YamlText text={data.text} label={`${nameOf(object)} as YAML`} />
            <CliLine command={cli('history', [object.kind, object.id])} />
          </div>
        )}
      </Panel>
      <ObjectHistory object={object} />
      {editing && data && (
        <EditObject
          object={object}
          text={data.text}
          version={data.version}
          onClose={() => setEditing(false)}
        />
      )}
    </div>
  );
}
