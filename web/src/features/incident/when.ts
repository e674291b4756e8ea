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
    .replace(/ > 0$/, '')
    .replace(/ >= (\d+)/, ' $1 or more')
    .replace(/_/g, ' ')
    .replace(/'/g, '');
}

/** What makes a level climb, in one sentence: the first guards, and that anyone may raise. */
export function climbWords(when: readonly string[], most = 2): string {
  if (when.length === 0) return 'Raised by anyone, or by silence below.';
  const words = when.slice(0, most).map(guardWords);
  const rest = when.length - words.length;
  return `Climbs when ${words.join(', ')}${rest > 0 ? ` or ${rest} more` : ''}; by silence below; or raised by anyone.`;
}

/** What a guard may look at, as far as the console can tell before it asks the server. */
export interface Judgement {
  severity: string;
  disposition: string | null;
  customer_facing: boolean;
  company_wide: boolean;
  facts: Readonly<Record<string, FactValue>>;
}

export type FactValue = boolean | number;

function lookUp(name: string, judgement: Judgement): unknown {
  if (name.startsWith('facts.')) return judgement.facts[name.slice(6)];
  return judgement[name as keyof Judgement];
}

function atom(text: string, judgement: Judgement): boolean {
  const member = /^([\w.]+) in \[(.*)\]$/.exec(text);
  if (member?.[1]) {
    const value = String(lookUp(member[1], judgement));
    return (member[2] ?? '').split(',').some((each) => each.trim() === `'${value}'`);
  }
  const compared = /^([\w.]+) (==|>=|>) '?([\w.]+)'?$/.exec(text);
  if (compared?.[1]) {
    const value = lookUp(compared[1], judgement);
    const against = compared[3] ?? '';
    if (compared[2] === '==') return String(value) === against;
    return compared[2] === '>' ? Number(value) > Number(against) : Number(value) >= Number(against);
  }
  return lookUp(text, judgement) === true;
}

/**
 * Whether a guard is true for a judgement. Only the forms that ladders use are read here; the server decides
 * with the whole language, so an unknown form counts as not yet true.
 */
export function guardHolds(expression: string, judgement: Judgement): boolean {
  return expression.split('||').some((part) => atom(part.trim(), judgement));
}

/** The facts that a policy's guards look at: yes or no, or a number. */
export function factsInGuards(guards: readonly string[]): Map<string, 'flag' | 'number'> {
  const found = new Map<string, 'flag' | 'number'>();
  for (const guard of guards) {
    for (const match of guard.matchAll(/facts\.(\w+)(\s*(?:>=|<=|>|<)\s*\d)?/g)) {
      if (match[1]) found.set(match[1], match[2] ? 'number' : 'flag');
    }
  }
  return found;
}
