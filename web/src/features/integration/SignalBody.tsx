import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Signal } from '@/api/types';
import { CodeBlock } from '@/ui/CodeBlock';
import { Flag } from '@/ui/Flag';
import { TimeText } from '@/ui/TimeText';
import css from './Signal.module.css';

/** JSON with indents; anything else as it came. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** `512 B`, `14.2 kB`, `1.3 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const outcomes: Record<string, { word: string; tone: 'ok' | 'bad' | 'plain' }> = {
  interpreted: { word: 'understood', tone: 'ok' },
  uninterpretable: { word: 'not understood', tone: 'bad' },
  ignored: { word: 'ignored', tone: 'plain' },
  confirming: { word: 'being subscribed', tone: 'plain' },
  confirmed: { word: 'subscribed', tone: 'ok' },
};

/** One stored body as it arrived, with what came of it. */
export function SignalBody({
  signal,
  opened = false,
  action,
}: {
  signal: Signal;
  opened?: boolean;
  action?: ReactNode;
}) {
  const outcome = outcomes[signal.outcome] ?? { word: signal.outcome, tone: 'plain' as const };
  return (
    <details className={css.signal} open={opened}>
      <summary className={css.summary}>
        <IconChevronRight size={14} stroke={1.75} className={css.chevron} aria-hidden="true" />
        <TimeText us={signal.received_us} seconds />
        <Flag tone={outcome.tone}>{outcome.word}</Flag>
        <span className="faint caption cut">
          {size(signal.body_bytes)}, {signal.content_type}
        </span>
      </summary>
      {signal.reason && (
        <p className={css.reason}>
          {signal.field && <code>{signal.field}: </code>}
          {signal.reason}
        </p>
      )}
      {action}
      <CodeBlock text={pretty(signal.body)} label="Body" className={css.body} />
    </details>
  );
}
