import { Button } from '@mantine/core';
import { messageOf } from '@/api/client';
import type { Override, Schedule } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { type Column, DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Panel';
import { EmptyState } from '@/ui/states';
import { useRemoveOverride } from './api';

/** `Elif A. instead of Jonas W.`, by the kind of override. */
export function overrideWords(override: Override, nameOf: (id: string | null | undefined) => string): string {
  switch (override.kind) {
    case 'add':
      return `${nameOf(override.by_person_id ?? override.person_id)} added`;
    case 'remove':
      return `${nameOf(override.person_id)} taken off`;
    case 'replace':
      return `${nameOf(override.by_person_id)} instead of ${nameOf(override.person_id)}`;
    default:
      return override.people.length > 0
        ? `${override.people.map(nameOf).join(', ')} only`
        : 'Nobody, deliberately';
  }
}

/** Changes to the calendar in this span: who instead of whom, when, why, by whom. */
export function Overrides({
  overrides,
  schedules,
}: {
  overrides: readonly Override[];
  schedules: readonly Schedule[];
}) {
  const zone = useZone();
  const people = useOrganisation().data?.people ?? [];
  const remove = useRemoveOverride();
  const nameOf = (id: string | null | undefined) =>
    people.find((person) => person.id === id)?.name ?? id ?? 'nobody';
  const columns: readonly Column<Override>[] = [
    {
      head: 'Override',
      cell: (override) => (
        <>
          <span className="mid">{overrideWords(override, nameOf)}</span>
          <span className="caption faint cut" style={{ display: 'block' }}>
            {schedules.find((schedule) => schedule.id === override.schedule_id)?.name ?? override.schedule_id}
          </span>
        </>
      ),
    },
    {
      head: 'When',
      width: '34%',
      cell: (override) => (
        <span className="small">{range(override.start_us / 1000, override.end_us / 1000, zone)}</span>
      ),
    },
    {
      head: 'Reason',
      drop: 'phone',
      cell: (override) => (
        <span className="small soft">
          {override.reason} <span className="faint">({nameOf(override.author)})</span>
        </span>
      ),
    },
    {
      head: <span className="sr">Remove</span>,
      width: '92px',
      align: 'right',
      cell: (override) => (
        <Button
          size="sm"
          loading={remove.isPending && remove.variables?.override === override.id}
          onClick={() => remove.mutate({ schedule: override.schedule_id, override: override.id })}
          aria-label={`Remove: ${overrideWords(override, nameOf)}`}
        >
          Remove
        </Button>
      ),
    },
  ];
  return (
    <Panel title="Overrides" count={overrides.length}>
      {remove.isError && (
        <p className="bad small" style={{ padding: 12 }}>
          {messageOf(remove.error)}
        </p>
      )}
      {overrides.length === 0 ? (
        <EmptyState title="No override in these weeks.">
          Choose a shift to replace its person, or press o.
        </EmptyState>
      ) : (
        <DataTable
          label="Overrides"
          columns={columns}
          rows={overrides}
          id={(override) => override.id}
          density="two-line"
        />
      )}
    </Panel>
  );
}
