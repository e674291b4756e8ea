import { useSyncExternalStore } from 'react';
import { browserZone } from './time';

const KEY = 'decurion-zone';
const listeners = new Set<() => void>();

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? browserZone();
  } catch {
    return browserZone();
  }
}

let zone = read();

/** Shows times in another zone from now on; null returns to this device's own. */
export function setZone(next: string | null): void {
  try {
    if (next) localStorage.setItem(KEY, next);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  zone = next ?? browserZone();
  for (const listener of listeners) listener();
}

/** The zone in which the viewer reads times. */
export function useZone(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => zone,
  );
}
