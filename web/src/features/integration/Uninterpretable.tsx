import { Button } from '@mantine/core';
import { messageOf } from '@/api/client';
import type { Signal } from '@/api/types';
import { count } from '@/lib/names';
import { Panel } from '@/ui/Panel';
import { ErrorState } from '@/ui/states';
import { useReplay, useUninterpretable } from './api';
import css from './Integration.module.css';
import { SignalBody } from './SignalBody';

function ReplayLine({ signal }: { signal: Signal }) {
  const replay = useReplay();
  return (
    <div className={css.replay}>
      <span className="soft small grow">From {signal.integration_name}. Mend its mapping, then replay.</span>
      <Button size="sm" loading={replay.isPending} onClick={() => replay.mutate(signal.id)}>
        Replay
      </Button>
      {replay.isError && <span className="bad small">{messageOf(replay.error)}</span>}
      {replay.data && (
        <span className={`small ${replay.data.outcome === 'interpreted' ? 'ok' : 'warn'}`} role="status">
          {replay.data.outcome === 'interpreted'
            ? `Understood: ${count(replay.data.alert_ids.length, 'alert')}.`
            : `Still not understood. ${replay.data.reason ?? ''}`}
        </span>
      )}
    </div>
  );
}

/** Signals that passed the door but that no mapping could read: kept, shown, replayable. */
export function Uninterpretable() {
  const signals = useUninterpretable();
  const items = signals.data?.items ?? [];
  if (signals.isError) {
    return (
      <ErrorState
        title="The waiting signals could not be read."
        detail={messageOf(signals.error)}
        retry={() => signals.refetch()}
      />
    );
  }
  if (items.length === 0) return null;
  return (
    <Panel title="Not understood" count={items.length} tone="bad" right="Nobody was paged for these">
      {items.map((signal) => (
        <SignalBody key={signal.id} signal={signal} action={<ReplayLine signal={signal} />} />
      ))}
    </Panel>
  );
}
