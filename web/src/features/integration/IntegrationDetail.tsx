import { Button, Switch } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Integration } from '@/api/types';
import { cli } from '@/lib/cli';
import { useKeys } from '@/lib/keys';
import { CliLine } from '@/ui/CliLine';
import { Kbd } from '@/ui/Kbd';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { Age } from '@/ui/TimeText';
import { useIntegrationSignals, usePatchIntegration, useSender, useTestAlert } from './api';
import { Delete, Rotate } from './dialogs';
import css from './Integration.module.css';
import { MappingTryOut } from './MappingTryOut';
import { KEY, SECRET } from './paste';
import { QuietAfter } from './QuietAfter';
import { SenderName } from './SenderName';
import { SignalBody } from './SignalBody';
import { Steps } from './Steps';
import { TopicsPanel } from './TopicsPanel';
import { sampleOf } from './topics';

function TestResult({ test }: { test: ReturnType<typeof useTestAlert> }) {
  if (test.isError) return <span className="bad small">{messageOf(test.error)}</span>;
  if (!test.data)
    return (
      <span className="soft small">A test goes through the real intake and pages whoever is on call.</span>
    );
  const { alert_id, incident_reference } = test.data;
  return (
    <span className="ok small" role="status">
      Accepted
      {alert_id && (
        <>
          {' '}
          as{' '}
          <Link to="/alerts/$id" params={{ id: alert_id }} className="link">
            an alert
          </Link>
        </>
      )}
      {incident_reference && (
        <>
          , opened{' '}
          <Link to="/incidents/$ref" params={{ ref: incident_reference }} className="link">
            {incident_reference}
          </Link>
        </>
      )}
      .
    </span>
  );
}

/** How it is set up, for who comes later: the key is no longer known. */
function SetUp({ integration }: { integration: Integration }) {
  const sender = useSender(integration);
  if (!sender) return null;
  const url = `${window.location.origin}${sender.path.replace('{key}', KEY)}`;
  return (
    <Panel title="Set-up" count={sender.title} padded>
      <p className="soft small">
        {KEY} stands for the key
        {integration.signed && <>, {SECRET} for the signing secret</>} that was shown when it was made; a new
        key replaces a lost one.
      </p>
      <Steps
        sender={sender}
        given={{ url, key: KEY, secret: integration.signed ? SECRET : null, topic: integration.topics[0] }}
      />
    </Panel>
  );
}

function LastSeen({ integration }: { integration: Integration }) {
  const us = integration.last_signal_us;
  if (integration.quiet_since_us !== null)
    return (
      <span className="bad">
        Quiet: something should have arrived <Age us={integration.quiet_since_us} />
      </span>
    );
  if (us === null) return <span className="warn">Nothing arrived yet</span>;
  return (
    <>
      Last signal <Age us={us} />
    </>
  );
}

/** Why a test alert cannot be sent: only an integration without a mapping of its own knows a body that fits. */
function whyNoTest(integration: Integration): string | undefined {
  if (!integration.enabled) return 'the integration is off';
  if (integration.kind === 'heartbeat') return 'it would count as a beat; open its address instead';
  return integration.mapping ? 'it has its own mapping: send it a real body' : undefined;
}

function Actions({ integration }: { integration: Integration }) {
  const test = useTestAlert(integration.id);
  const patch = usePatchIntegration(integration.id);
  const [dialog, setDialog] = useState<'rotate' | 'delete' | null>(null);
  const off = whyNoTest(integration);
  useKeys([
    {
      keys: 't',
      label: `Send a test through ${integration.name}`,
      group: 'Integrations',
      off,
      command: true,
      run: () => test.mutate(),
    },
  ]);
  return (
    <>
      <div className={css.actions}>
        <Button
          size="bar"
          variant="filled"
          leftSection={<IconSend size={15} stroke={1.75} />}
          rightSection={<Kbd>t</Kbd>}
          loading={test.isPending}
          disabled={Boolean(off)}
          title={off}
          onClick={() => test.mutate()}
        >
          Send a test alert
        </Button>
        <Button size="bar" onClick={() => setDialog('rotate')}>
          New key
        </Button>
        {integration.origin !== 'pack' && (
          <Button size="bar" onClick={() => setDialog('delete')}>
            Delete
          </Button>
        )}
        <Switch
          label={integration.enabled ? 'On' : 'Off'}
          checked={integration.enabled}
          disabled={patch.isPending}
          onChange={(event) => patch.mutate({ enabled: event.currentTarget.checked })}
        />
      </div>
      <div className={css.result}>
        {off ? <span className="soft small">No test alert: {off}.</span> : <TestResult test={test} />}
        {patch.isError && <span className="bad small">{messageOf(patch.error)}</span>}
      </div>
      <CliLine command={cli('integration test', [integration.id])} />
      <QuietAfter
        value={integration.quiet_after_s}
        needed={integration.kind === 'heartbeat'}
        disabled={patch.isPending}
        onChange={(chosen) => patch.mutate({ quiet_after_s: chosen ?? 0 })}
      />
      {dialog === 'rotate' && <Rotate integration={integration} onClose={() => setDialog(null)} />}
      {dialog === 'delete' && <Delete integration={integration} onClose={() => setDialog(null)} />}
    </>
  );
}

function LastBodies({ id }: { id: string }) {
  const signals = useIntegrationSignals(id);
  const items = signals.data?.items ?? [];
  return (
    <Panel title="Last bodies" count={items.length}>
      {signals.isError && (
        <ErrorState
          title="The bodies could not be read."
          detail={messageOf(signals.error)}
          retry={() => signals.refetch()}
        />
      )}
      {signals.isPending && <LoadingRows rows={3} />}
      {signals.data && items.length === 0 && (
        <EmptyState title="Nothing arrived yet.">
          Do the steps of the set-up, or send a test alert.
        </EmptyState>
      )}
      {items.map((signal) => (
        <SignalBody key={signal.id} signal={signal} />
      ))}
    </Panel>
  );
}

/** One integration: test it, change its key, see what it sent, mend how it is read. */
export function IntegrationDetail({ integration }: { integration: Integration }) {
  const signals = useIntegrationSignals(integration.id);
  const sender = useSender(integration);
  return (
    <div className="stack">
      <Panel
        title={integration.name}
        count={<SenderName integration={integration} />}
        padded
        right={<LastSeen integration={integration} />}
      >
        <Actions integration={integration} />
      </Panel>
      <SetUp integration={integration} />
      {integration.kind === 'aws_sns' && <TopicsPanel integration={integration} />}
      {(integration.kind === 'generic' || integration.kind === 'aws_sns') && sender && (
        <MappingTryOut
          integration={integration}
          sample={sampleOf(signals.data?.items ?? [])}
          shipped={sender.mapping ?? undefined}
        />
      )}
      <LastBodies id={integration.id} />
    </div>
  );
}
