import type { Alert } from '@/api/types';
import { Flag, type Tone } from '@/ui/Flag';

const tones: Record<string, Tone> = { open: 'warn', acknowledged: 'accent', resolved: 'ok' };
const words: Record<string, string> = { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' };

export function AlertState({ alert }: { alert: Pick<Alert, 'status' | 'held'> }) {
  if (alert.held) return <Flag tone="plain">Held back</Flag>;
  return <Flag tone={tones[alert.status] ?? 'plain'}>{words[alert.status] ?? alert.status}</Flag>;
}
