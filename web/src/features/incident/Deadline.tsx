import type { Incident } from '@/api/types';
import { useConnection } from '@/lib/live';
import { Countdown } from '@/ui/Countdown';
import { TimeText } from '@/ui/TimeText';
import { noTimer, timerSetUs } from './model';

/** The server gives a sentence without its capital, for use inside others. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

interface DeadlineProps {
  incident: Incident;
  size?: 'row' | 'lead' | 'phone';
}

const labels: Record<string, string> = {
  time_box: 'Time box ends in',
  snooze: 'Snoozed, wakes in',
  lowering: 'Without consent, in',
};

/** What happens next and when, if nobody acts; or who holds it when nothing runs. */
export function Deadline({ incident, size = 'row' }: DeadlineProps) {
  const stale = useConnection().state === 'stale';
  const next = incident.next;
  if (!next) {
    return (
      <div className={size === 'row' ? 'small' : undefined}>
        <span className="soft">{noTimer(incident)}</span>
        {incident.resolved_us && (
          <>
            {' '}
            <TimeText us={incident.resolved_us} className="faint" />
          </>
        )}
      </div>
    );
  }
  return (
    <Countdown
      size={size}
      atUs={next.due_us}
      fromUs={timerSetUs(incident)}
      label={labels[next.kind] ?? 'If nobody acts, in'}
      sentence={sentence(next.text)}
      spokenSentence={`${incident.reference}, ${next.text}`}
      unconfirmed={stale}
    />
  );
}
