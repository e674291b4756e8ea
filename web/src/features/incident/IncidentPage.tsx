import { Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useParams } from '@tanstack/react-router';
import { ApiProblem, messageOf } from '@/api/client';
import type { Incident } from '@/api/types';
import { RecentChanges } from '@/features/change/RecentChanges';
import { useKeys } from '@/lib/keys';
import { usePageTitle } from '@/shell/title';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { ActionBar } from './ActionBar';
import { Brief } from './Brief';
import { ClassifyForm } from './forms/ClassifyForm';
import { LinkForm, NoteForm, ReassignForm, SnoozeForm } from './forms/HandForms';
import { LowerForm, RaiseForm } from './forms/LevelForm';
import { ResolveForm } from './forms/ResolveForm';
import css from './Incident.module.css';
import { IncidentAlerts } from './IncidentAlerts';
import { IncidentHead } from './IncidentHead';
import { LevelStrip } from './LevelStrip';
import { Lowering } from './Lowering';
import { PageLedger } from './PageLedger';
import { useIncident } from './queries';
import { Timeline } from './Timeline';
import { type FormName, useIncidentActions } from './useIncidentActions';

const room = { name: 'Incidents', path: '/incidents' } as const;

function Forms({ incident, form, close }: { incident: Incident; form: FormName | null; close: () => void }) {
  const props = { incident, opened: true, onClose: close };
  return (
    <>
      {form === 'classify' && <ClassifyForm {...props} />}
      {form === 'raise' && <RaiseForm {...props} />}
      {form === 'lower' && <LowerForm {...props} />}
      {form === 'snooze' && <SnoozeForm {...props} />}
      {form === 'reassign' && <ReassignForm {...props} />}
      {form === 'note' && <NoteForm {...props} />}
      {form === 'link' && <LinkForm {...props} />}
      {form === 'resolve' && <ResolveForm {...props} />}
      <Brief incident={incident} opened={form === 'brief'} onClose={close} />
    </>
  );
}

function DeskDetail({ incident }: { incident: Incident }) {
  const { reference } = incident;
  return (
    <div className={css.columns}>
      <Timeline reference={reference} />
      <div className={css.side}>
        <PageLedger reference={reference} />
        <RecentChanges opened_us={incident.opened_us} ended_us={incident.resolved_us} />
        <IncidentAlerts reference={reference} />
      </div>
    </div>
  );
}

function PhoneDetail({ incident }: { incident: Incident }) {
  const { reference } = incident;
  return (
    <Tabs defaultValue="timeline" keepMounted={false}>
      <Tabs.List grow className={css.tabs}>
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="pages">Pages</Tabs.Tab>
        <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="timeline" pt={12}>
        <Timeline reference={reference} />
      </Tabs.Panel>
      <Tabs.Panel value="pages" pt={12}>
        <PageLedger reference={reference} />
      </Tabs.Panel>
      <Tabs.Panel value="alerts" pt={12}>
        <div className="stack">
          <IncidentAlerts reference={reference} />
          <RecentChanges opened_us={incident.opened_us} ended_us={incident.resolved_us} />
        </div>
      </Tabs.Panel>
    </Tabs>
  );
}

function Open({ incident, old }: { incident: Incident; old: unknown }) {
  const phone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false });
  const { actions, form, close, act, paged } = useIncidentActions(incident);
  return (
    <div className={css.object}>
      <div className={css.page}>
        {old ? <ErrorState title="This is old: the last read failed." detail={messageOf(old)} /> : null}
        <IncidentHead incident={incident} />
        <Lowering incident={incident} act={act} />
        <LevelStrip incident={incident} />
        {phone ? <PhoneDetail incident={incident} /> : <DeskDetail incident={incident} />}
      </div>
      <ActionBar
        incident={incident}
        actions={actions}
        paged={paged}
        pending={act.isPending}
        error={act.error}
      />
      <Forms incident={incident} form={form} close={close} />
    </div>
  );
}

/** One case: who has it, what happens next, everything that happened, and what can be done. */
export function IncidentPage() {
  const { ref } = useParams({ from: '/shell/incidents/$ref' });
  const navigate = useNavigate();
  const incident = useIncident(ref);
  usePageTitle(incident.data?.reference ?? ref, room);
  useKeys([
    {
      keys: 'Escape',
      label: 'Back to the list',
      group: 'Everywhere',
      run: () => void navigate({ to: '/incidents' }),
    },
  ]);
  if (incident.data)
    return (
      <Open key={incident.data.id} incident={incident.data} old={incident.isError ? incident.error : null} />
    );
  if (incident.error instanceof ApiProblem && incident.error.status === 404) {
    return <EmptyState title={`There is no incident ${ref}, or it is not yours to see.`} />;
  }
  if (incident.isError) {
    return (
      <ErrorState
        title="The incident could not be read."
        detail={messageOf(incident.error)}
        retry={() => incident.refetch()}
      />
    );
  }
  return (
    <div className={css.page}>
      <LoadingRows rows={4} height={66} />
    </div>
  );
}
