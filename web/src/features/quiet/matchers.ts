import type { Alert, SilenceMatcher } from '@/api/types';

export const operators = ['=', '!=', '=~', '!~'] as const;

/** What every alert has; a label is `labels.` and its name. */
export const fields = ['integration', 'severity', 'source', 'dedup_key', 'title'] as const;

export const nothing: SilenceMatcher = { name: 'source', operator: '=', value: '' };

/** `source=~db-.*` */
export function matcherText(matcher: SilenceMatcher): string {
  return `${matcher.name}${matcher.operator}${matcher.value}`;
}

/** What one would silence because of an alert: this thing, from this sender. */
export function matchersOf(alert: Pick<Alert, 'integration_id' | 'dedup_key'>): SilenceMatcher[] {
  return [
    { name: 'integration', operator: '=', value: alert.integration_id },
    { name: 'dedup_key', operator: '=', value: alert.dedup_key },
  ];
}

/** Those that are filled in: an empty value says something only of a label. */
export function filled(matchers: readonly SilenceMatcher[]): SilenceMatcher[] {
  return matchers.filter((matcher) => matcher.value !== '' || matcher.name.startsWith('labels.'));
}

const DAY = 86_400_000;
const MOST_DAYS = 366;

/** Why a silence cannot be made yet. */
export function blockedBy(
  matchers: readonly SilenceMatcher[],
  reason: string,
  startMs: number | null,
  endMs: number | null,
  nowMs: number,
): string | null {
  if (filled(matchers).length === 0) return 'Say which alerts.';
  if (startMs === null || endMs === null) return 'Say from when to when.';
  if (endMs <= nowMs) return 'The end is over.';
  if (endMs <= startMs) return 'It must end after it starts.';
  if (endMs > startMs + MOST_DAYS * DAY) return `${MOST_DAYS} days is the most.`;
  return reason.trim() ? null : 'A reason is needed.';
}

/** A window of the week. */
interface Hours {
  days?: readonly string[];
  start: string;
  end: string;
  end_day?: string | null;
}

/** `sat,sun 02:00-04:00`, as the command line takes it. */
export function windowText({ days = [], start, end, end_day }: Hours): string {
  const begins = days.length === 0 || days.length === 7 ? '' : `${days.join(',')} `;
  return `${begins}${start}-${end_day ? `${end_day} ` : ''}${end}`;
}

const named = (day: string) => `${day.charAt(0).toUpperCase()}${day.slice(1)}`;

/** `Sat, Sun 02:00–04:00`, for people. */
export function windowWords({ days = [], start, end, end_day }: Hours): string {
  const begins = days.length === 0 || days.length === 7 ? 'Every day' : days.map(named).join(', ');
  return `${begins} ${start}–${end_day ? `${named(end_day)} ` : ''}${end}`;
}

/** Why hours cannot be taken yet. */
export function hoursBlocked(windows: readonly Hours[]): string | null {
  const time = /^([01]\d|2[0-3]):[0-5]\d$/;
  const wrong = windows.some(({ start, end }) => !time.test(start) || !(time.test(end) || end === '24:00'));
  return wrong ? 'Write hours as in 02:00.' : null;
}
