import { Button } from '@mantine/core';
import { IconVolumeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Alert } from '@/api/types';
import { AlertSeverity } from '@/features/alert/AlertSeverity';
import { cli } from '@/lib/cli';
import { usePageTitle } from '@/shell/title';
import { CliLine } from '@/ui/CliLine';
import { type Column, DataTable } from '@/ui/DataTable';
import { FilterChips } from '@/ui/FilterChips';
import { Panel } from '@/ui/Panel';
import { SeverityChip } from '@/ui/SeverityChip';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { Age } from '@/ui/TimeText';
import { useSilences, useSuppressed } from './api';
import css from './Quiet.module.css';
import { SilenceForm } from './SilenceForm';
import { SilenceList } from './SilenceList';

const named: Column<Alert> = {
  head: 'Alert',
  cell: (alert) => (
    <>
      <Link to="/alerts/$id" params={{ id: alert.id }} className={css.title}>
        {alert.title}
      </Link>
      <span className={css.under}>
        {alert.integration_name}, {alert.source}
      </span>
    </>
  ),
};

const severity: Column<Alert> = {
  head: 'Severity',
  width: '84px',
  drop: 'phone',
  cell: (alert) => <AlertSeverity severity={alert.severity} />,
};

const signals: Column<Alert> = {
  head: 'Signals',
  width: '70px',
  align: 'right',
  drop: 'phone',
  cell: (alert) => <span className="num">{alert.count.toLocaleString('en')}</span>,
};

const heldColumns: readonly Column<Alert>[] = [
  severity,
  named,
  {
    head: 'Would open',
    width: '128px',
    cell: (alert) =>
      alert.held && (
        <>
          <SeverityChip value={alert.held.severity} />
          <span className={css.under}>by {alert.held.policy}</span>
        </>
      ),
  },
  signals,
  {
    head: 'Raised',
    width: '120px',
    cell: (alert) => (alert.held?.until_us ? <Age us={alert.held.until_us} /> : 'now'),
  },
];

const pastColumns: readonly Column<Alert>[] = [
  severity,
  named,
  signals,
  {
    head: 'Over',
    width: '110px',
    cell: (alert) => (alert.resolved_us ? <Age us={alert.resolved_us} /> : null),
  },
];

type Shown = 'held' | 'past';

const choices = [
  { value: 'held', label: 'Held back now' },
  { value: 'past', label: 'Ended unseen' },
] as const;

/** What is held back and what each would have opened; or what began and ended while nobody was paged. */
function Suppressed() {
  const [shown, setShown] = useState<Shown>('held');
  const alerts = useSuppressed(shown === 'held' ? 'open' : 'all');
  const all = alerts.data?.items ?? [];
  const rows = shown === 'held' ? all : all.filter((alert) => alert.resolved_us);
  return (
    <Panel
      title="Alerts that paged nobody"
      count={alerts.data && rows.length}
      right={<FilterChips<Shown> label="Which" choices={choices} value={shown} onChange={setShown} />}
    >
      {alerts.isError && (
        <ErrorState
          title="The alerts could not be read."
          detail={messageOf(alerts.error)}
          retry={() => alerts.refetch()}
        />
      )}
      {alerts.isPending && <LoadingRows rows={4} height={51} />}
      {alerts.data && rows.length === 0 && (
        <EmptyState title={shown === 'held' ? 'Nothing is held back.' : 'Nothing ended under a silence.'}>
          An alert that matches an active silence stands here instead of paging.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label={shown === 'held' ? 'Held back now' : 'Ended unseen'}
          columns={shown === 'held' ? heldColumns : pastColumns}
          rows={rows}
          id={(alert) => alert.id}
          density="two-line"
        />
      )}
    </Panel>
  );
}

/** Silences, and what they hold back now. */
export function QuietPage() {
  usePageTitle('Quiet');
  const [over, setOver] = useState(false);
  const [form, setForm] = useState(false);
  const silences = useSilences(over);
  const rows = silences.data?.items ?? [];
  return (
    <div className={css.page}>
      <div className={css.tools}>
        <FilterChips<'current' | 'all'>
          label="Silences"
          choices={[
            { value: 'current', label: 'Active and pending' },
            { value: 'all', label: 'With those that are over' },
          ]}
          value={over ? 'all' : 'current'}
          onChange={(value) => setOver(value === 'all')}
        />
        <Button
          variant="filled"
          ml="auto"
          leftSection={<IconVolumeOff size={14} stroke={1.75} />}
          onClick={() => setForm(true)}
        >
          Silence alerts…
        </Button>
      </div>
      <div className={css.columns}>
        <Suppressed />
        <Panel title="Silences" count={silences.data && rows.length}>
          {silences.isError && (
            <ErrorState
              title="The silences could not be read."
              detail={messageOf(silences.error)}
              retry={() => silences.refetch()}
            />
          )}
          {silences.isPending && <LoadingRows rows={3} height={64} />}
          {silences.data && rows.length === 0 && (
            <EmptyState title="Nothing is silenced: every alert pages.">
              Silence what you work on, with an end and a reason.
            </EmptyState>
          )}
          {rows.length > 0 && <SilenceList silences={rows} />}
        </Panel>
      </div>
      <CliLine command={cli('silence list', [], { over: over || undefined })} />
      {form && <SilenceForm onClose={() => setForm(false)} />}
    </div>
  );
}
