import { Button } from '@mantine/core';
import { messageOf } from '@/api/client';
import type { Silence } from '@/api/types';
import { count } from '@/lib/names';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Flag, type Tone } from '@/ui/Flag';
import { PersonName } from '@/ui/Person';
import { Age } from '@/ui/TimeText';
import { useExpireSilence } from './api';
import { matcherText, windowWords } from './matchers';
import css from './Quiet.module.css';

const tones: Record<Silence['state'], Tone> = { active: 'warn', pending: 'accent', expired: 'plain' };
const words: Record<Silence['state'], string> = { active: 'Active', pending: 'Pending', expired: 'Over' };

function When({ silence }: { silence: Silence }) {
  const now = silence.next[0];
  if (silence.state === 'active')
    return (
      <>
        {silence.repeat ? 'holds until' : 'ends'} <Age us={now?.end_us ?? silence.end_us} />
      </>
    );
  if (silence.state === 'pending')
    return (
      <>
        {silence.repeat ? 'holds next' : 'begins'} <Age us={now?.start_us ?? silence.start_us} />
      </>
    );
  return silence.expired ? (
    <>
      ended by {silence.expired.by_name} <Age us={silence.expired.at_us} />
    </>
  ) : (
    <>
      ended <Age us={silence.end_us} />
    </>
  );
}

function SilenceView({ silence }: { silence: Silence }) {
  const zone = useZone();
  const expire = useExpireSilence();
  return (
    <li className={css.silence}>
      <div className={css.silenceHead}>
        <Flag tone={tones[silence.state]}>{words[silence.state]}</Flag>
        <span className="mid grow">{silence.reason}</span>
        {silence.state !== 'expired' && (
          <Button
            size="sm"
            loading={expire.isPending}
            onClick={() => expire.mutate(silence.id)}
            aria-label={`End now: ${silence.reason}`}
          >
            End now
          </Button>
        )}
      </div>
      <p className={css.conditions}>
        {silence.matchers.map((matcher) => (
          <code key={matcherText(matcher)}>{matcherText(matcher)}</code>
        ))}
      </p>
      {silence.repeat && (
        <p className="mid small">
          {silence.repeat.windows.map(windowWords).join('; ')}, {silence.repeat.zone}
        </p>
      )}
      <p className="soft small">
        {range(silence.start_us / 1000, silence.end_us / 1000, zone)}, <When silence={silence} />
      </p>
      <p className={css.by}>
        <PersonName id={silence.author} name={silence.author_name} size={18} you />
        <span className="faint small">
          {silence.holds > 0 ? `holds back ${count(silence.holds, 'alert')}` : 'holds nothing back'}
        </span>
      </p>
      {expire.isError && <p className="bad small">{messageOf(expire.error)}</p>}
    </li>
  );
}

/** Silences: what each is about, until when, whose and why. */
export function SilenceList({ silences }: { silences: readonly Silence[] }) {
  return (
    <ul aria-label="Silences">
      {silences.map((silence) => (
        <SilenceView key={silence.id} silence={silence} />
      ))}
    </ul>
  );
}
