import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { useKeys } from '@/lib/keys';
import { usePageTitle } from '@/shell/title';
import { FilterChips } from '@/ui/FilterChips';
import { Kbd } from '@/ui/Kbd';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { DeclareForm } from './forms/DeclareForm';
import css from './Incident.module.css';
import { IncidentTable } from './IncidentTable';
import { byTimeLeft } from './model';
import { type StatusFilter, useIncidents } from './queries';

const choices = [
  { value: 'open', label: 'Open' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'all', label: 'All' },
] as const;

const nothing: Record<StatusFilter, string> = {
  open: 'Nothing open.',
  resolved: 'Nothing was resolved yet.',
  all: 'No incident yet.',
};

/** Every case, open ones with the nearest deadline first. */
export function IncidentsPage() {
  usePageTitle('Incidents');
  const [status, setStatus] = useState<StatusFilter>('open');
  const [declaring, setDeclaring] = useState(false);
  const incidents = useIncidents(status);
  const all = incidents.data?.items ?? [];
  const rows = status === 'open' ? byTimeLeft(all) : all;
  useKeys([
    {
      keys: 'n',
      label: 'Declare an incident',
      group: 'Incidents',
      command: true,
      run: () => setDeclaring(true),
    },
  ]);
  return (
    <div className={css.page}>
      <Panel
        title="Incidents"
        count={rows.length}
        right={
          <>
            <FilterChips<StatusFilter> label="State" choices={choices} value={status} onChange={setStatus} />
            <Button
              leftSection={<IconPlus size={14} stroke={2} />}
              rightSection={<Kbd>n</Kbd>}
              onClick={() => setDeclaring(true)}
            >
              Declare
            </Button>
          </>
        }
      >
        {incidents.isError && (
          <ErrorState
            title="The incidents could not be read."
            detail={messageOf(incidents.error)}
            retry={() => incidents.refetch()}
          />
        )}
        {incidents.isPending && <LoadingRows rows={5} height={66} />}
        {incidents.data && rows.length === 0 && (
          <EmptyState title={nothing[status]}>
            An alert opens an incident by itself; one can also be declared by hand.
          </EmptyState>
        )}
        {rows.length > 0 && <IncidentTable incidents={rows} />}
      </Panel>
      {declaring && <DeclareForm opened onClose={() => setDeclaring(false)} />}
    </div>
  );
}
