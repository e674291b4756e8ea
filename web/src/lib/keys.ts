import { useEffect, useRef, useSyncExternalStore } from 'react';

/** One key (or a sequence such as `g b`) and what it does, as the `?` list and the palette show it. */
export interface KeyBinding {
  keys: string;
  label: string;
  /** The heading it is listed under. */
  group: string;
  run: () => void;
  /** Why it cannot be used now; listed, but does nothing. */
  off?: string;
  /** Listed in the command palette too. */
  command?: boolean;
}

let bindings: readonly KeyBinding[] = [];
const listeners = new Set<() => void>();
let pending = '';
let pendingUntil = 0;

function publish(next: readonly KeyBinding[]) {
  bindings = next;
  for (const listener of listeners) listener();
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** The last one registered wins, so that a page's own key beats the shell's. */
export function matching(all: readonly KeyBinding[], keys: string): KeyBinding | undefined {
  return all.findLast((binding) => binding.keys === keys);
}

/** What a key means after the one before it: the sequence where there is one, the key alone where not. */
export function pressed(all: readonly KeyBinding[], before: string, key: string): KeyBinding | undefined {
  return (before ? matching(all, `${before} ${key}`) : undefined) ?? matching(all, key);
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target))
    return;
  if (document.querySelector('[role="dialog"], [role="menu"]')) return;
  const onControl = event.target instanceof HTMLElement && event.target.closest('a, button') !== null;
  if (event.key === 'Enter' && onControl) return;
  const first = Date.now() < pendingUntil ? pending : '';
  const found = pressed(bindings, first, event.key);
  pending = found ? '' : event.key;
  pendingUntil = Date.now() + 1200;
  if (!found) return;
  event.preventDefault();
  if (!found.off) found.run();
}

/** Starts listening; called once by the shell. */
export function listenForKeys(): () => void {
  // In the capture phase, so that a dialog that closes on Escape is still seen as open.
  window.addEventListener('keydown', onKey, true);
  return () => window.removeEventListener('keydown', onKey, true);
}

/** Registers keys while the calling component is on the page. */
export function useKeys(own: readonly KeyBinding[]): void {
  const latest = useRef(own);
  latest.current = own;
  const shape = own.map((binding) => `${binding.keys}|${binding.label}|${binding.off ?? ''}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the list; `run` is read through the ref
  useEffect(() => {
    const mine = latest.current.map((binding, at) => ({ ...binding, run: () => latest.current[at]?.run() }));
    publish([...bindings, ...mine]);
    return () => publish(bindings.filter((binding) => !mine.includes(binding)));
  }, [shape]);
}

/** Every key that works now, for the `?` list and the palette. */
export function useAllKeys(): readonly KeyBinding[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => bindings,
  );
}
