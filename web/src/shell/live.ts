import { useEffect } from 'react';
import { changed, changedAll, queryClient, topicsOf } from '@/api/query';
import { type Beat, otherSpeed } from '@/lib/clock';
import { openLive } from '@/lib/live';
import { clockSpeed, setReading } from '@/lib/serverClock';

/** Two missed heartbeats (one every 5 s) are a lost line. */
const SILENCE_MS = 10_500;

let last: Beat | null = null;

/** A heartbeat confirms the clock; one that does not fit its speed (a demo that ends) has it measured anew. */
function onBeat(serverUs: number): void {
  const beat = { serverUs, localMs: performance.now() };
  const changedSpeed = last !== null && otherSpeed(last, beat, clockSpeed());
  last = beat;
  if (changedSpeed) void queryClient.invalidateQueries({ queryKey: ['clock'] });
  else setReading({ ...beat, speed: clockSpeed() });
}

/** Follows the server's changes while the shell is on the page. */
export function useLive(): void {
  useEffect(
    () =>
      openLive({
        url: '/api/v1/events',
        silenceMs: SILENCE_MS,
        onEvent: (event) => (event ? changed(topicsOf(event.kind)) : changedAll()),
        onBeat,
      }),
    [],
  );
}
