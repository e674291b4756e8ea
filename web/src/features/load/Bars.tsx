import { Tooltip } from '@mantine/core';
import type { Load, PersonLoad } from '@/api/types';
import { PersonName } from '@/ui/Person';
import css from './Load.module.css';
import { barWords, dutyS, hours, kinds, longestS } from './load';

/** The hours of one person, stacked by kind; what is planned is drawn lighter. */
function Bar({ load, longest, planned }: { load: Load; longest: number; planned?: boolean }) {
  let at = 0;
  const parts = kinds.map((kind) => {
    const part = { kind, from: at, width: (load[kind.field] / longest) * 100 };
    at += part.width;
    return part;
  });
  return (
    <Tooltip label={`${planned ? 'Planned: ' : ''}${barWords(load)}`}>
      <div className={css.bar} data-planned={planned || undefined}>
        <svg width="100%" height={planned ? 6 : 10} aria-hidden="true">
          {parts.map(({ kind, from, width }) => (
            <rect
              key={kind.field}
              x={`${from}%`}
              width={`${width}%`}
              height="100%"
              className={css[kind.tone]}
            />
          ))}
        </svg>
        <span className="num">{hours(dutyS(load))} h</span>
        <span className="sr">
          {planned ? 'planned: ' : 'so far: '}
          {barWords(load)}
        </span>
      </div>
    </Tooltip>
  );
}

/** Each person's duty by kind: what was, and below it what is planned. */
export function Bars({ people }: { people: readonly PersonLoad[] }) {
  const longest = longestS(people);
  return (
    <ul className={css.bars}>
      {people.map((person) => (
        <li key={person.person_id} className={css.row}>
          <PersonName id={person.person_id} name={person.name} you />
          <div className="grow">
            <Bar load={person.past} longest={longest} />
            <Bar load={person.planned} longest={longest} planned />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function Legend() {
  return (
    <span className={css.legend}>
      {kinds.map((kind) => (
        <span key={kind.field} className="row">
          <svg width={12} height={12} aria-hidden="true">
            <rect width={12} height={12} rx={2} className={css[kind.tone]} />
          </svg>
          {kind.name}
        </span>
      ))}
      <span>thin: planned</span>
    </span>
  );
}
