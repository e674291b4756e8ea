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
