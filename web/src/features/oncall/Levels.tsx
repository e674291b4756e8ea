import type { BoardLevel, Oncall } from '@/api/types';
import { levelName } from '@/lib/lamp';
import { shortName } from '@/lib/names';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/Person';
import { TimeText } from '@/ui/TimeText';
import css from './Oncall.module.css';

/** Who would be paged now, level by level, and from what the policy takes them. */
export function Levels({ levels, oncall }: { levels: readonly BoardLevel[]; oncall: Oncall | undefined }) {
  const targetsOf = (level: string) =>
    oncall?.levels.find((each) => each.level.toLowerCase() === level.toLowerCase())?.targets ?? [];
  return (
    <Panel title="On call now">
      {levels.map((level) => (
        <section key={level.level} className={css.levelNow}>
          <h3 className="strong">{levelName(level.level)}</h3>
          <div className="grow">
            {level.hole && <p className="bad mid">Nobody. {level.hole}</p>}
            {level.people.map((person) => (
              <p key={person.person_id} className="row">
                <PersonName id={person.person_id} name={person.name} size={18} you />
                {person.until_us && (
                  <span className="faint small">
                    until <TimeText us={person.until_us} />
                  </span>
                )}
                {!person.reachable && <span className="warn small">unreachable</span>}
              </p>
            ))}
            {level.deputies.length > 0 && (
              <p className="soft small">Deputies: {level.deputies.map(shortName).join(', ')}</p>
            )}
            {targetsOf(level.level).length > 0 && (
              <p className="faint caption">From {targetsOf(level.level).join(', ')}</p>
            )}
          </div>
        </section>
      ))}
    </Panel>
  );
}
