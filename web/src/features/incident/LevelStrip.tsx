import type { Incident, IncidentLevel } from '@/api/types';
import { usePolicy } from '@/features/organisation/api';
import { lampState, lampWords, levelName } from '@/lib/lamp';
import { shortName } from '@/lib/names';
import { useNow } from '@/lib/serverClock';
import { useZone } from '@/lib/zone';
import { Lamp } from '@/ui/Lamp';
import { PersonAvatar } from '@/ui/Person';
import { TimeText } from '@/ui/TimeText';
import { Deadline } from './Deadline';
import css from './LevelStrip.module.css';
import { answerOf, askedFirst, lampDetail, lampsOf, levelState } from './model';
import { climbWords } from './when';

/** What makes a level that is not engaged climb, from the policy in force. */
function useClimbs(incident: Incident, level: string): string {
  const policy = usePolicy(incident.policy);
  const rule = policy?.levels.find((each) => each.level.toLowerCase() === level.toLowerCase());
  return climbWords(rule?.when ?? []);
}

function People({ level }: { level: IncidentLevel }) {
  const zone = useZone();
  return (
    <ul className={css.people}>
      {askedFirst(level.targets).map((target) => {
        const answer = answerOf(target, zone);
        return (
          <li key={`${target.person_id} ${target.page_id}`} className={css.target}>
            <PersonAvatar id={target.person_id} name={target.name} size={18} />
            <span className="cut grow">{shortName(target.name)}</span>
            <span className={`${answer.tone} caption nowrap`}>{answer.text}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Waiting({ incident, level }: { incident: Incident; level: IncidentLevel }) {
  const climbs = useClimbs(incident, level.level);
  return <p className={css.climbs}>{level.cause ?? climbs}</p>;
}

function Cell({
  incident,
  level,
  left,
}: {
  incident: Incident;
  level: IncidentLevel;
  left: number | undefined;
}) {
  const zone = useZone();
  const policy = usePolicy(incident.policy);
  const state = lampState(level.lamp);
  return (
    <li className={css.cell}>
      <div className={css.head}>
        <Lamp state={state} size={20} left={left} />
        <span className="sr">
          {levelName(level.level)}, {lampWords[state]}. {lampDetail(level, zone)}
        </span>
        <span className="strong nowrap">{levelName(level.level)}</span>
        <span className="soft small cut">{levelState(level, policy)}</span>
        {level.engaged_us && <TimeText us={level.engaged_us} bare seconds className={css.engaged} />}
      </div>
      {level.targets.length > 0 ? <People level={level} /> : <Waiting incident={incident} level={level} />}
    </li>
  );
}

/** The ladder of one incident: four lamps, the people under each, and the next deadline at the right end. */
export function LevelStrip({ incident }: { incident: Incident }) {
  const zone = useZone();
  const lamps = lampsOf(incident, zone, useNow());
  return (
    <div className={css.strip}>
      <ul className={css.cells} aria-label="Levels">
        {incident.levels.map((level, at) => (
          <Cell key={level.level} incident={incident} level={level} left={lamps[at]?.left} />
        ))}
      </ul>
      <div className={css.deadline}>
        <Deadline incident={incident} size="lead" />
      </div>
    </div>
  );
}
