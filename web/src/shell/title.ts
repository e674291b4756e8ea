import { useEffect, useSyncExternalStore } from 'react';

export interface PageTitle {
  title: string;
  /** The room this object belongs to, as a breadcrumb. */
  parent?: { name: string; path: '/incidents' | '/alerts' | '/integrations' | '/oncall' };
}

let current: PageTitle = { title: 'Decurion' };
const listeners = new Set<() => void>();

/** Names the page in the top bar and in the browser's tab. */
export function usePageTitle(title: string, parent?: PageTitle['parent']): void {
  useEffect(() => {
    current = { title, parent };
    document.title = `${title} · Decurion`;
    for (const listener of listeners) listener();
  }, [title, parent]);
}

export function useTitle(): PageTitle {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
