const known: Record<string, string> = {
  "severity in ['sev1', 'sev2']": 'sev2 or worse',
  "severity == 'sev1'": 'sev1',
  customer_facing: 'customer-facing',
  company_wide: 'company-wide',
  "disposition == 'tp_malicious'": 'judged malicious',
};

/** A guard of the policy in words: what people say where it is known, the expression made readable where not. */
export function guardWords(expression: string): string {
  const text = expression.trim();
  if (known[text]) return known[text];
  return text
    .replace(/\bfacts\./g, '')
    .replace(/\|\|/g, 'or')
    .replace(/&&/g, 'and')
    .replace(/_/g, ' ')
    .replace(/'/g, '');
}

/** What makes a level climb, in one sentence: the first guards, and that anyone may raise. */
export function climbWords(when: readonly string[], most = 3): string {
  if (when.length === 0) return 'Raised by anyone, or by silence below.';
  const words = when.slice(0, most).map(guardWords);
  const rest = when.length - words.length;
  return `Climbs when ${words.join(', ')}${rest > 0 ? ` or ${rest} more` : ''}; by silence below; or raised by anyone.`;
}
