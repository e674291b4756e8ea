import type { LoadLedger, PersonLoad } from '@/api/types';
import { type Column, DataTable } from '@/ui/DataTable';
import { PersonName } from '@/ui/Person';
import css from './Load.module.css';
import { dutyS, hours, workMin } from './load';

type Row = Pick<PersonLoad, 'person_id' | 'name' | 'past' | 'planned'>;

const ALL = 'all';

const columns: readonly Column<Row>[] = [
  {
    head: 'Person',
    width: '150px',
    cell: (row) =>
      row.person_id === ALL ? (
        <span className="strong">All</span>
      ) : (
        <PersonName id={row.person_id} name={row.name} size={18} short />
      ),
  },
  { head: 'Duty h', align: 'right', cell: (row) => hours(dutyS(row.past)) },
  { head: 'Nights', align: 'right', cell: (row) => row.past.nights },
  { head: 'Weekends', align: 'right', cell: (row) => row.past.weekends },
  { head: 'Holiday h', align: 'right', drop: 'phone', cell: (row) => hours(row.past.holiday_s) },
  { head: 'Pages', align: 'right', drop: 'phone', cell: (row) => row.past.pages },
  { head: 'Wake-ups', align: 'right', cell: (row) => row.past.wake_ups },
  { head: 'Work min', align: 'right', drop: 'phone', cell: (row) => workMin(row.past) },
  {
    head: 'In sleep min',
    align: 'right',
    drop: 'tablet',
    cell: (row) => Math.round(row.past.work_sleep_s / 60),
  },
  { head: 'Short notice', align: 'right', drop: 'tablet', cell: (row) => row.past.short_notice },
  { head: 'Load h', align: 'right', cell: (row) => <b>{Math.round(row.past.weighted_h)}</b> },
  { head: 'Planned h', align: 'right', drop: 'phone', cell: (row) => Math.round(row.planned.weighted_h) },
];

/** Every figure of the ledger; the last row is everybody together. */
export function Table({ ledger, people }: { ledger: LoadLedger; people: readonly PersonLoad[] }) {
  const all: Row = { person_id: ALL, name: 'All', past: ledger.total, planned: ledger.planned_total };
  return (
    <div className={css.scroll}>
      <DataTable
        label="Load by person"
        columns={columns}
        rows={[...people, all]}
        id={(row) => row.person_id}
      />
    </div>
  );
}
