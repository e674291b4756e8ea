import { Button, Select } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Alert } from '@/api/types';
import { useIntegrations } from '@/features/integration/api';
import { useListCursor } from '@/lib/useListCursor';
import { usePageTitle } from '@/shell/title';
import { type Column, DataTable } from '@/ui/DataTable';
import { FilterChips } from '@/ui/FilterChips';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { Age, TimeText } from '@/ui/TimeText';
import css from './Alert.module.css';
import { AlertSeverity } from './AlertSeverity';
import { AlertState } from './AlertState';
import { useAlerts } from './api';

type StatusChoice = 'open' | 'all';

const choices = [
  { value: 'open', label: 'Open' },
  { value: 'all', label: 'All' },
] as const;

const columns: readonly Column<Alert>[] = [
  {
    head: 'Severity',
    width: '84px',
    drop: 'phone',
    cell: (alert) => <AlertSeverity severity={alert.severity} />,
  },
  {
    head: 'Alert',
    cell: (alert) => (
      <>
        <Link to="/alerts/$id" params={{ id: alert.id }} className={css.title}>
          {alert.title}
        </Link>
        <span className={css.under}>
          {alert.integration_name}, {alert.source}
        </span>
        <span className={css.onPhone}>
          <AlertSeverity severity={alert.severity} />
          <AlertState alert={alert} />
          <Age us={alert.last_us} />
        </span>
      </>
    ),
  },
  {
    head: 'Incident',
    width: '84px',
    cell: (alert) =>
      alert.incident_reference ? (
        <Link
          to="/incidents/$ref"
          params={{ ref: alert.incident_reference }}
          className="link"
          onClick={(event) => event.stopPropagation()}
        >
          <code>{alert.incident_reference}</code>
        </Link>
      ) : (
        <span className="faint">none</span>
      ),
  },
  { head: 'State', width: '112px', drop: 'phone', cell: (alert) => <AlertState alert={alert} /> },
  {
    head: 'Signals',
    width: '76px',
    align: 'right',
    cell: (alert) => <span className="num">{alert.count.toLocaleString('en')}</span>,
  },
  {
    head: 'First',
    width: '150px',
    drop: 'tablet',
    cell: (alert) => <TimeText us={alert.opened_us} bare seconds />,
  },
  { head: 'Last', width: '110px', drop: 'phone', cell: (alert) => <Age us={alert.last_us} /> },
];

interface ListProps {
  alerts: readonly Alert[];
}

function List({ alerts }: ListProps) {
  const navigate = useNavigate();
  const open = (alert: Alert | undefined) =>
    alert && void navigate({ to: '/alerts/$id', params: { id: alert.id } });
  const cursor = useListCursor({ length: alerts.length, group: 'Alerts', onOpen: (at) => open(alerts[at]) });
  return (
    <DataTable
      label="Alerts"
      columns={columns}
      rows={alerts}
      id={(alert) => alert.id}
      density="two-line"
      chosen={alerts[cursor.at]?.id}
      onOpen={open}
      rowRef={cursor.rowRef}
    />
  );
}

/** Every alert with its exact count: what came in, from where, and which incident it joined. */
export function AlertsPage() {
  usePageTitle('Alerts');
  const search = useSearch({ from: '/shell/alerts' });
  const navigate = useNavigate();
  const status = choices.find((choice) => choice.value === search.status)?.value ?? 'open';
  const integration = search.integration ?? null;
  const [after, setAfter] = useState<string | undefined>();
  const integrations = useIntegrations().data?.items ?? [];
  const alerts = useAlerts({
    status,
    integration: integration ?? undefined,
    after,
  });
  const rows = alerts.data?.items ?? [];
  const filter = (part: { status?: StatusChoice; integration?: string }) => {
    setAfter(undefined);
    void navigate({ to: '/alerts', search: { ...search, ...part } });
  };
  return (
    <div className={css.page}>
      <Panel
        title="Alerts"
        count={rows.length}
        right={
          <>
            <FilterChips<StatusChoice>
              label="State"
              choices={choices}
              value={status}
              onChange={(value) => filter({ status: value })}
            />
            <Select
              aria-label="Source"
              placeholder="Every source"
              clearable
              w={190}
              data={integrations.map(({ id, name }) => ({ value: id, label: name }))}
              value={integration}
              onChange={(value) => filter({ integration: value ?? undefined })}
            />
          </>
        }
      >
        {alerts.isError && (
          <ErrorState
            title="The alerts could not be read."
            detail={messageOf(alerts.error)}
            retry={() => alerts.refetch()}
          />
        )}
        {alerts.isPending && <LoadingRows rows={8} height={51} />}
        {alerts.data && rows.length === 0 && (
          <EmptyState title="No alert here.">
            <Link to="/integrations" className="link">
              Send a test alert
            </Link>{' '}
            from any integration, or use its curl line.
          </EmptyState>
        )}
        {rows.length > 0 && <List alerts={rows} />}
      </Panel>
      <div className={css.pager}>
        {after && <Button onClick={() => setAfter(undefined)}>Back to the newest</Button>}
        {alerts.data?.next && <Button onClick={() => setAfter(alerts.data?.next ?? undefined)}>Older</Button>}
      </div>
    </div>
  );
}
