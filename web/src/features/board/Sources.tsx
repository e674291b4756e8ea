import { Link } from '@tanstack/react-router';
import type { BoardSource } from '@/api/types';
import { formatLong } from '@/lib/countdown';
import { count } from '@/lib/names';
import { useMinute } from '@/lib/serverClock';
import { Flag } from '@/ui/Flag';
import { Panel } from '@/ui/Panel';
import { EmptyState } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import css from './Board.module.css';

/** Those that must have been heard by now, then the longest silence; sources that never spoke come last, as nothing
 * is known of their habit. */
export function quietFirst(sources: readonly BoardSource[]): BoardSource[] {
  return sources.toSorted(
    (a, b) =>
      (a.quiet_since_us ?? Number.MAX_SAFE_INTEGER) - (b.quiet_since_us ?? Number.MAX_SAFE_INTEGER) ||
      (a.last_signal_us ?? Number.MAX_SAFE_INTEGER) - (b.last_signal_us ?? Number.MAX_SAFE_INTEGER),
  );
}

export const kindNames: Record<string, string> = {
  pagerduty: 'PagerDuty Events v2',
  opsgenie: 'Opsgenie Alert API',
  alertmanager_webhook: 'Alertmanager webhook',
  alertmanager_api: 'Alertmanager API',
  aws_sns: 'Amazon SNS',
  generic: 'Generic JSON',
  heartbeat: 'Heartbeat',
};

function Source({ source }: { source: BoardSource }) {
  const now = useMinute();
  const last = source.last_signal_us;
  return (
    <Link to="/integrations" search={{ open: source.integration_id }} className={css.source}>
      <span className="row">
        <span className="cut mid">{source.name}</span>
        {source.quiet_since_us && <Flag tone="bad">Quiet</Flag>}
      </span>
      <span className={`num small ${last ? 'soft' : 'faint'}`}>
        {last ? formatLong(Math.max(0, now - last / 1000) / 1000) : 'never'}
      </span>
      <span className="cut caption faint">
        {kindNames[source.kind] ?? source.kind}
        {last && (
          <>
            , last at <TimeText us={last} bare />
          </>
        )}
      </span>
      <span className="caption faint num">{count(source.alerts_today, 'alert')} today</span>
    </Link>
  );
}

/** Since when each source is silent, longest silence first. */
export function Sources({ sources }: { sources: readonly BoardSource[] }) {
  return (
    <Panel title="Sources" count={sources.length} right="Longest silence first">
      {sources.length === 0 ? (
        <EmptyState title="No source yet.">
          <Link to="/integrations" className="link">
            Create an integration
          </Link>{' '}
          to get a key and a curl line.
        </EmptyState>
      ) : (
        quietFirst(sources)
          .slice(0, 8)
          .map((source) => <Source key={source.integration_id} source={source} />)
      )}
    </Panel>
  );
}

/** Signals that were stored but that no mapping understands; nobody was paged for them. */
export function WaitingSignals({ waiting }: { waiting: number }) {
  if (waiting === 0) return null;
  return (
    <Panel title="Not understood" count={waiting} tone="bad" padded>
      <p>
        {count(waiting, 'signal is', 'signals are')} stored, but no mapping could read{' '}
        {waiting === 1 ? 'it' : 'them'}, so nobody was paged.{' '}
        <Link to="/integrations" search={{ tab: 'signals' }} className="link">
          Mend the mapping and replay
        </Link>
      </p>
    </Panel>
  );
}
