import { Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import css from './bits.module.css';

/** The command that does the same. No secret ever appears in it. */
export function CliLine({ command }: { command: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <div className={css.cli}>
      <span className={css.prompt} aria-hidden="true">
        &gt;_
      </span>
      <Tooltip label={command}>
        <code className={css.command}>{command}</code>
      </Tooltip>
      <button
        type="button"
        className={css.copy}
        onClick={() => clipboard.copy(command)}
        aria-label={`Copy: ${command}`}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}

/** A block of text to take away, with a copy button: a key, a curl line. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <div className={css.block}>
      <pre className={css.pre}>{text}</pre>
      <button
        type="button"
        className={css.copy}
        onClick={() => clipboard.copy(text)}
        aria-label={`Copy ${label}`}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
