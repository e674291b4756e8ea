import { useSyncExternalStore } from 'react';
import { type ClockReading, serverNowMs, settle } from './clock';

let reading: ClockReading | null = null;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function current(): number {
  return reading ? serverNowMs(reading, performance.now()) : Date.now();
}

function tick() {
  nowMs = current();
  for (const listener of listeners) listener();
}

/** Ticks once a server second, but never more than five times a real one. */
function intervalMs(): number {
  const speed = reading?.speed ?? 1;
  return Math.max(200, 1000 / Math.max(1, speed));
}

function restart() {
  clearInterval(timer);
  timer = listeners.size > 0 ? setInterval(tick, intervalMs()) : undefined;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    nowMs = current();
    restart();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) restart();
  };
}

/** Takes a fresh measurement of the server's clock. */
export function setReading(next: ClockReading): void {
  const before = reading?.speed;
  reading = settle(reading, next);
  if (before !== reading.speed) restart();
  tick();
}

/** Server seconds per real second, 1 outside a demo. */
export function clockSpeed(): number {
  return reading?.speed ?? 1;
}

/** The server's time now, outside a render. */
export function serverNow(): number {
  return current();
}

/** The server's time in ms UTC, re-rendering once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

const minute = () => Math.floor(nowMs / 60_000) * 60_000;

/** The server's time floored to the minute, for parts that need not draw every second. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, minute);
}
