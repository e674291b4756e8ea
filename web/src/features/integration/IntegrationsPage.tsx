import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Integration } from '@/api/types';
import { useKeys } from '@/lib/keys';
import { useListCursor } from '@/lib/useListCursor';
import { usePageTitle } from '@/shell/title';
import { type Column, DataTable } from '@/ui/DataTable';
import { Flag } from '@/ui/Flag';
import { Kbd } from '@/ui/Kbd';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { Age } from '@/ui/TimeText';
import { useIntegrations } from './api';
import { CreateForm } from './CreateForm';
import css from './Integration.module.css';
import { IntegrationDetail } from './IntegrationDetail';
import { SenderName } from './SenderName';
import { Uninterpretable } from './Uninterpretable';

const columns: readonly Column<Integration>[] = [
  {
    head: 'Integration',
    cell: (integration) => (
      <>
        <span className="row">
          <span className="mid cut">{integration.name}</span>
          {!integration.enabled && <Flag tone="warn">Off</Flag>}
          {integration.quiet_since_us !== null && <Flag tone="bad">Quiet</Flag>}
        </span>
        <span className="caption faint cut" style={{ display: 'block' }}>
          <SenderName integration={integration} />
          {integration.origin === 'pack' && ', from the pack'}
        </span>
      </>
    ),
  },
  {
    head: 'Last signal',
    width: '110px',
    cell: ({ last_signal_us: last }) =>
      last ? <Age us={last} className="small" /> : <span className="faint small">never</span>,
  },
  {
    head: 'Today',
    width: '64px',
    align: 'right',
    cell: ({ alerts_today }) => <span className="num">{alerts_today.toLocaleString('en')}</span>,
  },
];

function List({
  integrations,
  chosen,
  onOpen,
}: {
  integrations: readonly Integration[];
  chosen?: string;
  onOpen: (id: string) => void;
}) {
  const cursor = useListCursor({
    length: integrations.length,
    group: 'Integrations',
    onOpen: (at) => {
      const integration = integrations[at];
      if (integration) onOpen(integration.id);
    },
  });
  return (
    <DataTable
      label="Integrations"
      columns={columns}
      rows={integrations}
      id={(integration) => integration.id}
      density="two-line"
      chosen={integrations[cursor.at]?.id ?? chosen}
      onOpen={(integration) => onOpen(integration.id)}
      rowRef={cursor.rowRef}
    />
  );
}

/** Where alerts come in: keys, the last bodies, and what could not be understood. */
export function IntegrationsPage() {
  usePageTitle('Integrations');
  const search = useSearch({ from: '/shell/integrations' });
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const integrations = useIntegrations();
  const rows = integrations.data?.items ?? [];
  const open =
    rows.find((integration) => integration.id === search.open) ?? (search.tab ? undefined : rows[0]);
  useKeys([
    {
      keys: 'n',
      label: 'Create an integration',
      group: 'Integrations',
      command: true,
      run: () => setCreating(true),
    },
  ]);
  const choose = (id: string) => void navigate({ to: '/integrations', search: { open: id } });
  return (
    <div className={css.page}>
      <div className={css.left}>
        <Panel
          title="Integrations"
          count={rows.length}
          right={
            <Button
              leftSection={<IconPlus size={14} stroke={2} />}
              rightSection={<Kbd>n</Kbd>}
              onClick={() => setCreating(true)}
            >
              Create
            </Button>
          }
        >
          {integrations.isError && (
            <ErrorState
              title="The integrations could not be read."
              detail={messageOf(integrations.error)}
              retry={() => integrations.refetch()}
            />
          )}
          {integrations.isPending && <LoadingRows rows={4} height={51} />}
          {integrations.data && rows.length === 0 && (
            <EmptyState title="No integration yet.">
              Create one: choose what sends to it, and follow the steps that it gives.
            </EmptyState>
          )}
          {rows.length > 0 && <List integrations={rows} chosen={open?.id} onOpen={choose} />}
        </Panel>
        <Uninterpretable />
      </div>
      {open && <IntegrationDetail key={open.id} integration={open} />}
      {creating && <CreateForm onClose={() => setCreating(false)} onCreated={choose} />}
    </div>
  );
}
