import { useContext } from 'react';
import { levelShort } from '@/lib/lamp';
import { shortName } from '@/lib/names';
import { PersonAvatar } from '@/ui/Person';
import { RowActions } from './actions';
import css from './Calendar.module.css';
import type { Row } from './calendar';

function textOf(row: Row): string {
  if (row.kind === 'level') return levelShort(row.label);
  return row.kind === 'person' ? shortName(row.label) : row.label;
}

/** The name of a line. Choosing it offers what can be done with the whole line, without a pointer. */
export function RowLabel({ row, height }: { row: Row; height: number }) {
  const actions = useContext(RowActions);
  const opens = actions && row.kind !== 'layer' && row.kind !== 'gaps' && !row.standing;
  const inside = (
    <>
      {row.personId && <PersonAvatar id={row.personId} name={row.label} size={18} />}
      <span className="cut">{textOf(row)}</span>
    </>
  );
  const shared = {
    className: css.label,
    style: { height },
    'data-kind': row.kind,
    'data-person': row.personId,
    'data-person-name': row.personId && row.label,
  };
  if (!opens) {
    return (
      <span {...shared} title={row.label}>
        {inside}
      </span>
    );
  }
  return (
    <button
      type="button"
      {...shared}
      title={row.label}
      onClick={(event) => actions(row, event.currentTarget)}
    >
      {inside}
      <span className="sr"> ({row.label}): add an override</span>
    </button>
  );
}
