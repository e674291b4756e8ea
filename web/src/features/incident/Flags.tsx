import { IconBuilding, IconUsers } from '@tabler/icons-react';
import type { Incident } from '@/api/types';
import { Flag } from '@/ui/Flag';
import { dispositionName } from './model';

/** The facts that stand beside a severity: customer-facing, company-wide, drill, contained, the judgement. */
export function IncidentFlags({ incident, icons = false }: { incident: Incident; icons?: boolean }) {
  const drill = incident.labels.drill === 'true';
  return (
    <>
      {incident.customer_facing && (
        <Flag tone="info" icon={icons && <IconUsers size={12} stroke={1.75} aria-hidden="true" />}>
          Customer-facing
        </Flag>
      )}
      {incident.company_wide && (
        <Flag tone="info" icon={icons && <IconBuilding size={12} stroke={1.75} aria-hidden="true" />}>
          Company-wide
        </Flag>
      )}
      {drill && <Flag tone="drill">Drill</Flag>}
      {incident.status === 'contained' && <Flag tone="ok">Contained</Flag>}
      {incident.status === 'resolved' && <Flag>Resolved</Flag>}
      {incident.disposition && <Flag>{dispositionName(incident.disposition)}</Flag>}
    </>
  );
}
