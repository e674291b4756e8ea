import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './client';

/** Answers that a repeat will not change are not asked for again. */
function retry(failures: number, error: Error): boolean {
  if (error instanceof ApiProblem && error.status < 500) return false;
  return failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry, staleTime: 30_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

/** The first element of every query key, by what it shows. */
export type Topic =
  | 'alerts'
  | 'board'
  | 'demo'
  | 'incident'
  | 'incidents'
  | 'integrations'
  | 'journal'
  | 'mailbox'
  | 'oncall'
  | 'organisation'
  | 'policy'
  | 'signals'
  | 'silences'
  | 'status';

const everything: readonly Topic[] = [
  'alerts',
  'board',
  'demo',
  'incident',
  'incidents',
  'integrations',
  'journal',
  'mailbox',
  'oncall',
  'organisation',
  'policy',
  'signals',
  'silences',
  'status',
];

const touched: Record<string, readonly Topic[]> = {
  incident: ['board', 'incident', 'incidents', 'mailbox', 'demo'],
  alert: ['alerts', 'board', 'incident', 'incidents', 'integrations', 'signals', 'silences'],
  grouping: ['board', 'incidents'],
  schedule: ['board', 'oncall'],
  silence: ['alerts', 'silences'],
  page: ['board', 'incident', 'mailbox', 'status'],
};

/** What a committed change may have altered, by the first word of its kind; an unknown kind alters everything. */
export function topicsOf(kind: string): readonly Topic[] {
  const word = kind.split(/[._]/)[0] ?? '';
  const topics = touched[word];
  return topics ? [...topics, 'journal'] : everything;
}

const waiting = new Set<Topic>();
let flush: ReturnType<typeof setTimeout> | undefined;

/** Marks topics as changed; a storm of changes asks again at most three times a second. */
export function changed(topics: readonly Topic[]): void {
  for (const topic of topics) waiting.add(topic);
  if (flush !== undefined) return;
  flush = setTimeout(() => {
    flush = undefined;
    for (const topic of waiting) void queryClient.invalidateQueries({ queryKey: [topic] });
    waiting.clear();
  }, 350);
}

/** After a gap in the stream anything may have changed. */
export function changedAll(): void {
  changed(everything);
}
