import type { Line } from './lines';
import css from './Policy.module.css';
import { tokens } from './yaml';

function Coloured({ line }: { line: string }) {
  return tokens(line).map(({ kind, text }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have no other name
    <span key={at} data-kind={kind}>
      {text}
    </span>
  ));
}

/** YAML with its keys, texts and comments told apart. */
export function YamlText({ text, label }: { text: string; label: string }) {
  const lines: Line[] = text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ sign: ' ', text: line }));
  return <YamlLines lines={lines} label={label} />;
}

const words = { '+': 'added: ', '-': 'removed: ', ' ': '' } as const;

/** YAML line by line, with what went and what came. */
export function YamlLines({ lines, label }: { lines: readonly Line[]; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section className={css.yaml} tabIndex={0} aria-label={label}>
      <pre>
        {lines.map(({ sign, text }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
          <div key={at} data-sign={sign}>
            {sign !== ' ' && <span className="sr">{words[sign]}</span>}
            <span className={css.sign} aria-hidden="true">
              {sign}
            </span>
            <Coloured line={text} />
          </div>
        ))}
      </pre>
    </section>
  );
}
