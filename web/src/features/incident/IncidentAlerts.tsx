import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/client';
import type { Alert } from '@/api/types';
import { AlertSeverity } from '@/features/alert/AlertSeverity';
import { type Column, DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { useIncidentAlerts } from './queries';

const columns: readonly Column<Alert>[] = [
  {
    head: 'Alert',
    cell: (alert) => (
      <>
        <Link to="/alerts/$id" params={{ id: alert.id }} className="mid cut" style={{ display: 'block' }}>
          {alert.title}
        </Link>
        <span className="caption faint cut" style={{ display: 'block' }}>
          {alert.integration_name}, {alert.source}
        </span>
      </>
    ),
  },
  {
    head: 'Severity',
    width: '76px',
    drop: 'phone',
    cell: (alert) => <AlertSeverity severity={alert.severity} />,
  },
  { head: 'Last', width: '86px', cell: (alert) => <TimeText us={alert.last_us} bare className="small" /> },
  {
    head: 'Signals',
    width: '64px',
    align: 'right',
    cell: (alert) => <span className="num">{alert.count.toLocaleString('en')}</span>,
  },
];

/** The alerts that were grouped into this incident, with their exact counts. */
export function IncidentAlerts({ reference }: { reference: string }) {
  const alerts = useIncidentAlerts(reference);
  const rows = alerts.data?.items ?? [];
  return (
    <Panel title="Alerts" count={rows.length}>
      {alerts.isError && (
        <ErrorState
          title="The alerts could not be read."
          detail={messageOf(alerts.error)}
          retry={() => alerts.refetch()}
        />
      )}
      {alerts.isPending && <LoadingRows rows={2} height={51} />}
      {alerts.data && rows.length === 0 && (
        <EmptyState title="No alert is attached. This incident was declared by hand." />
      )}
      {rows.length > 0 && (
        <DataTable label="Alerts" columns={columns} rows={rows} id={(alert) => alert.id} density="two-line" />
      )}
    </Panel>
  );
}
