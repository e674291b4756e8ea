import { useEffect } from 'react';
import { changed, changedAll, topicsOf } from '@/api/query';
import { openLive } from '@/lib/live';
import { clockSpeed, setReading } from '@/lib/serverClock';

/** Two missed heartbeats (one every 5 s) are a lost line. */
const SILENCE_MS = 10_500;

/** Follows the server's changes while the shell is on the page. */
export function useLive(): void {
  useEffect(
    () =>
      openLive({
        url: '/api/v1/events',
        silenceMs: SILENCE_MS,
        onEvent: (event) => (event ? changed(topicsOf(event.kind)) : changedAll()),
        onBeat: (serverUs) => setReading({ serverUs, localMs: performance.now(), speed: clockSpeed() }),
      }),
    [],
  );
}
