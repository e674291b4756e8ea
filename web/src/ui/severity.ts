export type Severity = 'sev1' | 'sev2' | 'sev3' | 'sev4';
export const severities: readonly Severity[] = ['sev1', 'sev2', 'sev3', 'sev4'];

/** What a severity means on the ladder, for forms and tooltips. */
export const severityWords: Record<Severity, string> = {
  sev1: 'Critical',
  sev2: 'Major',
  sev3: 'Minor',
  sev4: 'Low',
};

/** A severity from the server's word; an unknown word is shown as the lowest. */
export function severity(word: string): Severity {
  return severities.find((known) => known === word.toLowerCase()) ?? 'sev4';
}
