import { type ReactNode, useEffect, useRef, useState } from 'react';
import { formatCountdown, nearness, shareLeft, spoken } from '@/lib/countdown';
import { useNow } from '@/lib/serverClock';
import css from './Countdown.module.css';
import { TimeText } from './TimeText';

interface CountdownProps {
  /** The deadline, microseconds UTC. */
  atUs: number;
  /** When the timer was set; with it the bar shows the share that is left. */
  fromUs?: number | null;
  /** Who is next and what happens to them. A number alone is never shown. */
  sentence: ReactNode;
  /** The same as plain text, for the screen reader. */
  spokenSentence: string;
  /** `lead` for the object's own strip, `phone` for one thumb, `row` for tables. */
  size?: 'row' | 'lead' | 'phone';
  /** Over the number in the large sizes, "If nobody acts, in". */
  label?: string;
  /** The connection is lost: the count goes on, but says that nobody confirmed it. */
  unconfirmed?: boolean;
}

function useAnnouncement(leftS: number, sentence: string): string {
  const before = useRef(leftS);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const words = spoken(before.current, leftS, sentence);
    before.current = leftS;
    if (words) setSaid(words);
  }, [leftS, sentence]);
  return said;
}

function Bar({ share }: { share: number }) {
  return (
    <span className={css.track}>
      <span className={css.fill} style={{ width: `${share * 100}%` }} />
    </span>
  );
}

/** Time left until something happens by itself: number, bar, instant and a sentence with names. */
export function Countdown(props: CountdownProps) {
  const { atUs, fromUs, sentence, spokenSentence, size = 'row', label, unconfirmed } = props;
  const leftS = (atUs / 1000 - useNow()) / 1000;
  const share = shareLeft(leftS, fromUs ? (atUs - fromUs) / 1e6 : 0);
  const said = useAnnouncement(leftS, spokenSentence);
  const instant = <TimeText us={atUs} seconds={size !== 'row'} className={css.instant} />;
  const number = (
    <span className={css.number} role="timer" aria-hidden="true">
      {formatCountdown(leftS)}
    </span>
  );
  return (
    <div className={css.countdown} data-size={size} data-near={nearness(leftS)}>
      {size !== 'row' && (
        <div className={css.top}>
          <span>{label}</span>
          {instant}
        </div>
      )}
      <div className={css.line}>
        {number}
        <Bar share={share} />
        {size === 'row' && instant}
      </div>
      <div className={css.sentence}>
        {sentence}
        {unconfirmed && <span className="faint"> (not confirmed)</span>}
      </div>
      <span className="sr" aria-live="polite">
        {said}
      </span>
    </div>
  );
}
