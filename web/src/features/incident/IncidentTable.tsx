import { Link, useNavigate } from '@tanstack/react-router';
import { messageOf } from '@/api/client';
import type { Incident } from '@/api/types';
import { useKeys } from '@/lib/keys';
import { count, shortName } from '@/lib/names';
import { useNow } from '@/lib/serverClock';
import { useHeldList } from '@/lib/useHeldList';
import { useListCursor } from '@/lib/useListCursor';
import { useZone } from '@/lib/zone';
import { Lamps } from '@/ui/Lamps';
import { PersonAvatar } from '@/ui/Person';
import { SeverityChip } from '@/ui/SeverityChip';
import { ErrorState } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { useAcknowledge } from './actions';
import { Deadline } from './Deadline';
import { IncidentFlags } from './Flags';
import css from './IncidentTable.module.css';
import { isOpen, lampsOf } from './model';

function HolderCell({ incident }: { incident: Incident }) {
  const { holder } = incident;
  if (!holder) {
    return (
      <div>
        <div className={isOpen(incident) ? 'warn mid' : 'faint'}>
          {isOpen(incident) ? 'Nobody yet' : 'Nobody'}
        </div>
        <div className="faint small">
          opened <TimeText us={incident.opened_us} bare />
        </div>
      </div>
    );
  }
  return (
    <div className="row">
      <PersonAvatar id={holder.person_id ?? holder.name} name={holder.name} size={20} />
      <div className="grow">
        <div className="cut mid">{shortName(holder.name)}</div>
        <div className="faint small cut">
          since <TimeText us={holder.since_us} bare />
        </div>
      </div>
    </div>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const from = incident.integration
    ? [
        incident.labels.account ?? incident.source,
        incident.integration,
        count(incident.alerts_total, 'alert'),
      ]
    : ['Declared by hand'];
  return <span className="faint small cut">{from.filter(Boolean).join(', ')}</span>;
}

interface RowProps {
  incident: Incident;
  chosen: boolean;
  rowRef: (node: HTMLElement | null) => void;
}

function Row({ incident, chosen, rowRef }: RowProps) {
  const zone = useZone();
  const now = useNow();
  const navigate = useNavigate();
  const open = () => navigate({ to: '/incidents/$ref', params: { ref: incident.reference } });
  return (
    // The link in the title is the control; the click on the row is a larger target for a mouse.
    <tr className={css.row} data-chosen={chosen || undefined} ref={rowRef} onClick={open}>
      <td className={css.severity}>
        <SeverityChip value={incident.severity} />
      </td>
      <td className={css.what}>
        <Link to="/incidents/$ref" params={{ ref: incident.reference }} className={css.title}>
          {incident.title}
        </Link>
        <div className={css.facts}>
          <code className="nowrap soft">{incident.reference}</code>
          <IncidentFlags incident={incident} />
          <Facts incident={incident} />
        </div>
      </td>
      <td className={css.lamps}>
        <Lamps lamps={lampsOf(incident, zone, now)} />
      </td>
      <td className={css.holder}>
        <HolderCell incident={incident} />
      </td>
      <td className={css.deadline}>
        <Deadline incident={incident} />
      </td>
    </tr>
  );
}

/** Incidents with the nearest deadline first; `j` `k` move, `a` acknowledges. */
export function IncidentTable({ incidents }: { incidents: readonly Incident[] }) {
  const navigate = useNavigate();
  const acknowledge = useAcknowledge();
  const list = useHeldList(incidents, (incident) => incident.id);
  const cursor = useListCursor({
    length: list.items.length,
    group: 'Incidents',
    onOpen: (at) => {
      const chosen = list.items[at];
      if (chosen) void navigate({ to: '/incidents/$ref', params: { ref: chosen.reference } });
    },
  });
  const chosen = list.items[cursor.at];
  useKeys([
    {
      keys: 'a',
      label: chosen ? `Acknowledge ${chosen.reference}` : 'Acknowledge',
      group: 'Incidents',
      off: chosen ? undefined : 'choose a row with j first',
      command: true,
      run: () => chosen && acknowledge.mutate(chosen.reference),
    },
  ]);
  return (
    <>
      {acknowledge.isError && <ErrorState title="Not acknowledged." detail={messageOf(acknowledge.error)} />}
      {list.waiting > 0 && (
        <button type="button" className={css.waiting} onClick={list.release}>
          {list.waiting} new
        </button>
      )}
      <table className={css.table} {...list.handlers}>
        <thead className={css.head}>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Incident</th>
            <th scope="col">Engaged</th>
            <th scope="col">Holder</th>
            <th scope="col">If nobody acts</th>
          </tr>
        </thead>
        <tbody>
          {list.items.map((incident, at) => (
            <Row key={incident.id} incident={incident} chosen={at === cursor.at} rowRef={cursor.rowRef(at)} />
          ))}
        </tbody>
      </table>
    </>
  );
}
