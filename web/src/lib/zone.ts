import { createContext, useContext, useSyncExternalStore } from 'react';
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

/** Another zone for a part of a page, such as a schedule's own; null keeps the viewer's. */
export const ZoneHere = createContext<string | null>(null);

/** The zone in which the viewer reads times, whatever a part of the page shows. */
export function useViewerZone(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => zone,
  );
}

/** The zone in which times are read here. */
export function useZone(): string {
  const viewers = useViewerZone();
  return useContext(ZoneHere) ?? viewers;
}
