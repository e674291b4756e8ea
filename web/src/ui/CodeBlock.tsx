import css from './bits.module.css';

interface CodeBlockProps {
  text: string;
  /** What it is, for the screen reader. */
  label: string;
  className?: string;
}

/** Preformatted text that scrolls inside itself, by keyboard too. */
export function CodeBlock({ text, label, className }: CodeBlockProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section className={`${css.code} ${className ?? ''}`} tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}
