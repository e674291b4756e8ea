import { Flag, type Tone } from '@/ui/Flag';

const tones: Record<string, Tone> = { critical: 'bad', error: 'warn', warning: 'plain', info: 'plain' };

/** The severity that the source gave; the incident's own severity is a separate judgement. */
export function AlertSeverity({ severity }: { severity: string }) {
  return <Flag tone={tones[severity] ?? 'plain'}>{severity}</Flag>;
}
