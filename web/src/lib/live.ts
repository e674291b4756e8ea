import { useSyncExternalStore } from 'react';

/** The event stream as the viewer sees it. Times are local wall-clock ms. */
export interface Connection {
  state: 'connecting' | 'live' | 'stale';
  /** The last moment something was heard. */
  heardAtMs: number;
  /** When the next try is made; only while stale. */
  retryAtMs: number;
}

/** Seconds between tries: quick at first, never more than fifteen. */
export function backoffS(attempt: number): number {
  return [1, 2, 4, 8, 15][Math.min(attempt, 4)] ?? 15;
}

let connection: Connection = { state: 'connecting', heardAtMs: Date.now(), retryAtMs: 0 };
const listeners = new Set<() => void>();

function set(next: Partial<Connection>) {
  connection = { ...connection, ...next };
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}

/** One committed change: its place in the record, what happened, and to what. */
export interface LiveEvent {
  cursor: string;
  kind: string;
  stream: string;
}

interface LiveOptions {
  url: string;
  /** Called for every event, and with null when everything may have changed (first open, a gap). */
  onEvent: (event: LiveEvent | null) => void;
  /** Called with the server's time, microseconds UTC, at every heartbeat. */
  onBeat: (nowUs: number) => void;
  /** Silence longer than this means that the line is dead, whatever the browser says. */
  silenceMs: number;
}

let retryNow: () => void = () => {};

/** Tries again at once instead of waiting. */
export function reconnect(): void {
  retryNow();
}

function parse<T>(event: Event): T | null {
  try {
    return JSON.parse((event as MessageEvent<string>).data) as T;
  } catch {
    return null;
  }
}

/** Keeps one event stream open until the returned function is called; a lost one is shown and tried again. */
export function openLive({ url, onEvent, onBeat, silenceMs }: LiveOptions): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let closed = false;

  const heard = () => set({ state: 'live', heardAtMs: Date.now() });
  const fail = () => {
    source?.close();
    clearTimeout(retry);
    const waitMs = backoffS(attempt++) * 1000;
    set({ state: 'stale', retryAtMs: Date.now() + waitMs });
    retry = setTimeout(open, waitMs);
  };
  const onChange = (event: Event) => {
    heard();
    onEvent(parse<LiveEvent>(event));
  };
  const onHeartbeat = (event: Event) => {
    heard();
    const beat = parse<{ now_us: number }>(event);
    if (beat) onBeat(beat.now_us);
  };
  function open() {
    if (closed) return;
    source?.close();
    source = new EventSource(url, { withCredentials: true });
    source.onopen = () => {
      attempt = 0;
      heard();
      onEvent(null);
    };
    source.onerror = fail;
    source.addEventListener('change', onChange);
    source.addEventListener('beat', onHeartbeat);
  }

  retryNow = () => {
    clearTimeout(retry);
    open();
  };
  const watch = setInterval(() => {
    if (connection.state === 'live' && Date.now() - connection.heardAtMs > silenceMs) fail();
  }, 2000);
  open();
  return () => {
    closed = true;
    clearInterval(watch);
    clearTimeout(retry);
    source?.close();
  };
}
