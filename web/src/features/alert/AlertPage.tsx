import { Button } from '@mantine/core';
import { IconVolumeOff } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ApiProblem, messageOf } from '@/api/client';
import type { Alert } from '@/api/types';
import { RecentChanges } from '@/features/change/RecentChanges';
import { SignalBody } from '@/features/integration/SignalBody';
import { matchersOf } from '@/features/quiet/matchers';
import { SilenceForm } from '@/features/quiet/SilenceForm';
import { cli } from '@/lib/cli';
import { useKeys } from '@/lib/keys';
import { count } from '@/lib/names';
import { usePageTitle } from '@/shell/title';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { Age, TimeText } from '@/ui/TimeText';
import css from './Alert.module.css';
import { AlertSeverity } from './AlertSeverity';
import { AlertState } from './AlertState';
import { useAlert, useAlertSignals } from './api';

const room = { name: 'Alerts', path: '/alerts' } as const;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ alert }: { alert: Alert }) {
  return (
    <dl>
      <Fact name="Incident">
        {alert.incident_reference ? (
          <Link to="/incidents/$ref" params={{ ref: alert.incident_reference }} className="link">
            {alert.incident_reference}
          </Link>
        ) : (
          'none: nobody was paged for it'
        )}
      </Fact>
      {alert.suppressed_by && (
        <Fact name="Silenced by">
          <Link to="/quiet" className="link">
            {alert.suppressed_by}
          </Link>
          {alert.held?.until_us && (
            <>
              {' '}
              until <TimeText us={alert.held.until_us} />; raised then if it is still open
            </>
          )}
        </Fact>
      )}
      <Fact name="Signals">
        <span className="num">{alert.count.toLocaleString('en')}</span>, counted exactly
      </Fact>
      <Fact name="First">
        <TimeText us={alert.opened_us} seconds />, <Age us={alert.opened_us} />
      </Fact>
      <Fact name="Last">
        <TimeText us={alert.last_us} seconds />, <Age us={alert.last_us} />
      </Fact>
      {alert.resolved_us && (
        <Fact name="Resolved">
          <TimeText us={alert.resolved_us} seconds /> {alert.resolved_by && `by ${alert.resolved_by}`}
        </Fact>
      )}
      {alert.expires_at_us && (
        <Fact name="Resolves itself">
          <TimeText us={alert.expires_at_us} /> when nothing more arrives
        </Fact>
      )}
      <Fact name="Integration">{alert.integration_name}</Fact>
      <Fact name="Source">
        <code>{alert.source}</code>
      </Fact>
      <Fact name="Dedup key">
        <code>{alert.dedup_key}</code>
      </Fact>
      {alert.rule && <Fact name="Routed by">{alert.rule}</Fact>}
      {Object.entries(alert.labels).map(([name, value]) => (
        <Fact key={name} name={name}>
          <code>{String(value)}</code>
        </Fact>
      ))}
      {alert.links.map((link) => (
        <Fact key={link.href} name="Link">
          <a href={link.href} className="link" target="_blank" rel="noreferrer">
            {link.text || link.href}
          </a>
        </Fact>
      ))}
    </dl>
  );
}

function Bodies({ id, total }: { id: string; total: number }) {
  const signals = useAlertSignals(id);
  const items = signals.data?.items ?? [];
  return (
    <Panel
      title="Bodies"
      count={`${items.length} kept of ${total.toLocaleString('en')}`}
      right="First, last and a sample"
    >
      {signals.isError && (
        <ErrorState
          title="The bodies could not be read."
          detail={messageOf(signals.error)}
          retry={() => signals.refetch()}
        />
      )}
      {signals.isPending && <LoadingRows rows={4} />}
      {signals.data && items.length === 0 && <EmptyState title="No body is kept for this alert." />}
      {items.map((signal, at) => (
        <SignalBody key={signal.id} signal={signal} opened={at === 0} />
      ))}
    </Panel>
  );
}

function Open({ alert }: { alert: Alert }) {
  const [silencing, setSilencing] = useState(false);
  return (
    <div className={css.page}>
      <header>
        <div className={css.titleLine}>
          <AlertSeverity severity={alert.severity} />
          <AlertState alert={alert} />
          <h2 className={css.object}>{alert.title}</h2>
          <Button
            size="sm"
            ml="auto"
            leftSection={<IconVolumeOff size={14} stroke={1.75} />}
            onClick={() => setSilencing(true)}
          >
            Silence…
          </Button>
        </div>
        <p className="soft small">
          {count(alert.count, 'signal')} from {alert.integration_name}. {alert.description}
        </p>
      </header>
      <div className={css.columns}>
        <Panel title="Facts">
          <Facts alert={alert} />
        </Panel>
        <div className="stack">
          <RecentChanges opened_us={alert.opened_us} ended_us={alert.resolved_us} />
          <Bodies id={alert.id} total={alert.count} />
        </div>
      </div>
      <CliLine command={cli('alert show', [alert.id])} />
      {silencing && <SilenceForm matchers={matchersOf(alert)} onClose={() => setSilencing(false)} />}
    </div>
  );
}

/** One alert: signals with the same key, its count, its first and last body. */
export function AlertPage() {
  const { id } = useParams({ from: '/shell/alerts/$id' });
  const navigate = useNavigate();
  const alert = useAlert(id);
  usePageTitle(alert.data?.title ?? 'Alert', room);
  useKeys([
    {
      keys: 'Escape',
      label: 'Back to the list',
      group: 'Everywhere',
      run: () => void navigate({ to: '/alerts' }),
    },
  ]);
  if (alert.data) return <Open alert={alert.data} />;
  if (alert.error instanceof ApiProblem && alert.error.status === 404)
    return <EmptyState title="There is no such alert." />;
  if (alert.isError)
    return (
      <ErrorState
        title="The alert could not be read."
        detail={messageOf(alert.error)}
        retry={() => alert.refetch()}
      />
    );
  return <LoadingRows rows={6} />;
}
