import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { useOrganisation } from '@/features/organisation/api';
import { serverNow } from '@/lib/serverClock';
import { toWallField } from '@/lib/time';
import { usePageTitle } from '@/shell/title';
import { ErrorState, LoadingRows } from '@/ui/states';
import { useScheduleObject } from './api';
import { History } from './History';
import { LayerEditor } from './LayerEditor';
import { Planned } from './Planned';
import css from './Roster.module.css';
import {
  type LayerDocument,
  lastLayers,
  type Rollout,
  type ScheduleDocument,
  withoutVersion,
  withVersion,
} from './roster';
import { SavePanel } from './SavePanel';

const HOUR = 3_600_000;

/** What was changed so far: a new roster, or planned ones that are taken back. */
function useRoster(document: ScheduleDocument) {
  const [layers, setLayers] = useState<LayerDocument[]>(() => structuredClone(lastLayers(document)));
  const [from, setFrom] = useState(() => toWallField(Math.ceil(serverNow() / HOUR) * HOUR, document.zone));
  const [rollout, setRollout] = useState<Rollout>('after_full_turn');
  const [dropped, setDropped] = useState<readonly string[]>([]);
  const kept = dropped.reduce(withoutVersion, document);
  const changed = JSON.stringify(layers) !== JSON.stringify(lastLayers(document));
  const next = changed ? withVersion(kept, { effective_from: from, rollout, layers }) : kept;
  return { layers, setLayers, from, setFrom, rollout, setRollout, dropped, setDropped, changed, next };
}

function Editor({ document, version }: { document: ScheduleDocument; version: number }) {
  const roster = useRoster(document);
  const { layers, setLayers } = roster;
  const people = useOrganisation().data?.people ?? [];
  const fresh: LayerDocument = {
    name: '',
    rotation: { unit: 'weekly', start: `${roster.from.slice(0, 10)}T08:00`, participants: [] },
  };
  return (
    <div className={css.columns}>
      <div className={css.form}>
        {layers.map((layer, at) => (
          <LayerEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a layer is known by its place while its name is typed
            key={at}
            layer={layer}
            people={people}
            onChange={(changed) => setLayers(layers.map((each, index) => (index === at ? changed : each)))}
            onRemove={() => setLayers(layers.filter((_, index) => index !== at))}
          />
        ))}
        <div>
          <Button
            size="bar"
            leftSection={<IconPlus size={14} stroke={2} />}
            onClick={() => setLayers([...layers, fresh])}
          >
            Add a layer
          </Button>
        </div>
      </div>
      <div className={`stack ${css.side}`}>
        <SavePanel document={document} version={version} roster={roster} />
        <Planned document={document} dropped={roster.dropped} onDrop={roster.setDropped} />
        <History id={document.id} version={version} />
      </div>
    </div>
  );
}

/** Changes the roster of a schedule: who takes turns, from when, and how the change takes over. */
export function RosterPage() {
  const { id } = useParams({ from: '/shell/oncall/schedules/$id' });
  const object = useScheduleObject(id);
  const document = object.data?.value as ScheduleDocument | undefined;
  usePageTitle(document?.name ?? id, { name: 'On-call', path: '/oncall' });
  return (
    <div className={css.page}>
      {object.isError && (
        <ErrorState
          title={`The schedule ${id} could not be read.`}
          detail={messageOf(object.error)}
          retry={() => object.refetch()}
        />
      )}
      {object.isPending && <LoadingRows rows={8} />}
      {document && object.data && (
        <Editor key={object.data.version} document={document} version={object.data.version} />
      )}
    </div>
  );
}

export type Roster = ReturnType<typeof useRoster>;
