import { Button } from '@mantine/core';
import { reconnect, useConnection } from '@/lib/live';
import { clockSpeed, useNow } from '@/lib/serverClock';
import { clock, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';
import css from './bits.module.css';

/** Under the top bar while nothing is heard from the server: since when, and when it is tried again. */
export function ConnectionBar() {
  const connection = useConnection();
  const zone = useZone();
  const now = useNow();
  if (connection.state !== 'stale') return null;
  const waitS = Math.max(0, Math.ceil((connection.retryAtMs - Date.now()) / 1000));
  const heardMs = now - (Date.now() - connection.heardAtMs) * clockSpeed();
  const since = `${clock(heardMs, zone, true)} ${zoneName(heardMs, zone)}`;
  return (
    <div className={css.connection} role="status">
      <span>
        Not live since <time>{since}</time>. <span aria-hidden="true">Trying again in {waitS} s.</span>
      </span>
      <Button size="sm" h={20} onClick={reconnect}>
        Now
      </Button>
    </div>
  );
}
