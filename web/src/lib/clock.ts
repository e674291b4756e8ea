/**
 * The server's time, as the console shows it.
 *
 * Countdowns follow the server, not the desk: the offset is measured against the middle of a request,
 * and a demo server may run its clock faster than life, so the speed is part of the measurement.
 */
export interface ClockReading {
  /** Server time in microseconds UTC when the reading was made. */
  serverUs: number;
  /** Local monotonic time in ms (performance.now) at the middle of the request. */
  localMs: number;
  /** Server seconds per real second; 1 outside a demo. */
  speed: number;
}

/** Server time in ms UTC at a local monotonic instant. */
export function serverNowMs(reading: ClockReading, localMs: number): number {
  return reading.serverUs / 1000 + (localMs - reading.localMs) * reading.speed;
}

/**
 * A new reading replaces the old one only when they disagree by more than the noise of a request:
 * otherwise a countdown would jump back and forth by fractions of a second.
 */
export function settle(current: ClockReading | null, next: ClockReading): ClockReading {
  if (!current || current.speed !== next.speed) return next;
  const drift = Math.abs(serverNowMs(current, next.localMs) - next.serverUs / 1000);
  return drift > 400 * Math.max(1, next.speed) ? next : current;
}

/** The server's time at a heartbeat, and when it was heard. */
export interface Beat {
  serverUs: number;
  localMs: number;
}

/** Whether two heartbeats show a clock of another speed than `speed`; too close ones show nothing. */
export function otherSpeed(before: Beat, after: Beat, speed: number): boolean {
  const realMs = after.localMs - before.localMs;
  if (realMs < 2000) return false;
  const seen = (after.serverUs - before.serverUs) / 1000 / realMs;
  return Math.abs(seen - speed) > speed / 4;
}
