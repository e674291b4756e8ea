import { Fragment, type ReactNode } from 'react';
import type { Incident } from '@/api/types';
import { count } from '@/lib/names';
import { PersonName } from '@/ui/Person';
import { SeverityChip } from '@/ui/SeverityChip';
import { Age, TimeText } from '@/ui/TimeText';
import { IncidentFlags } from './Flags';
import css from './Incident.module.css';
import { factsOf, isOpen } from './model';

function HeldBy({ incident }: { incident: Incident }) {
  const { holder } = incident;
  if (!holder) {
    return isOpen(incident) ? <span className="warn mid">Nobody holds it yet</span> : null;
  }
  return (
    <span className="row">
      <span className="soft">Held by</span>
      <PersonName id={holder.person_id ?? holder.name} name={holder.name} you />
      <span className="faint">
        since <TimeText us={holder.since_us} />
      </span>
    </span>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const facts: ReactNode[] = [
    <Fragment key="opened">
      Opened <TimeText us={incident.opened_us} seconds />, <Age us={incident.opened_us} />
    </Fragment>,
    incident.integration ?? 'Declared by hand',
    incident.integration && incident.source && <code key="source">{incident.source}</code>,
    count(incident.alerts_total, 'alert'),
    `Policy ${incident.policy}`,
    ...factsOf(incident).map(([name, value]) => (
      <Fragment key={`fact ${name}`}>
        {name} <code>{value}</code>
      </Fragment>
    )),
    incident.contained_us && (
      <Fragment key="contained">
        Contained <TimeText us={incident.contained_us} />
      </Fragment>
    ),
    incident.resolved_us && (
      <Fragment key="resolved">
        Resolved <TimeText us={incident.resolved_us} />
      </Fragment>
    ),
  ];
  return (
    <ul className={css.facts}>
      {facts.filter(Boolean).map((fact, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is rebuilt whole and its order is its identity
        <li key={at}>{fact}</li>
      ))}
    </ul>
  );
}

/** What it is, how bad, who holds it, and since when. */
export function IncidentHead({ incident }: { incident: Incident }) {
  return (
    <header className={css.top}>
      <div className={css.titleLine}>
        <SeverityChip value={incident.severity} />
        <code className="soft nowrap">{incident.reference}</code>
        <h2 className={css.title}>{incident.title}</h2>
        <IncidentFlags incident={incident} icons />
        <span className={css.heldBy}>
          <HeldBy incident={incident} />
        </span>
      </div>
      <Facts incident={incident} />
    </header>
  );
}
