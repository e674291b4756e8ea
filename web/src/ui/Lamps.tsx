import { Tooltip } from '@mantine/core';
import { Fragment } from 'react';
import { type LampState, lampWords, levelName, levelShort } from '@/lib/lamp';
import { Lamp } from './Lamp';
import css from './Lamps.module.css';

export interface LampOfLevel {
  level: string;
  state: LampState;
  /** The rest of the sentence: who answered when, who was silent. */
  detail?: string;
  /** For `armed`: share of the countdown left. */
  left?: number;
}

function sentence(lamp: LampOfLevel): string {
  const first = `${levelName(lamp.level)}, ${lampWords[lamp.state]}.`;
  return lamp.detail ? `${first} ${lamp.detail}` : first;
}

/** The ladder as four lamps in fixed order, joined by a line, labels under. */
export function Lamps({ lamps, size = 18 }: { lamps: readonly LampOfLevel[]; size?: number }) {
  return (
    <ul className={css.lamps} aria-label="Levels">
      {lamps.map((lamp, at) => (
        <Fragment key={lamp.level}>
          {at > 0 && <li className={css.join} aria-hidden="true" style={{ marginTop: size / 2 - 1 }} />}
          <Tooltip label={sentence(lamp)}>
            <li className={css.lamp}>
              <Lamp state={lamp.state} size={size} left={lamp.left} />
              <span className={css.label} aria-hidden="true">
                {levelShort(lamp.level)}
              </span>
              <span className="sr">{sentence(lamp)}</span>
            </li>
          </Tooltip>
        </Fragment>
      ))}
    </ul>
  );
}
