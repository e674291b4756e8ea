import { IconChevronRight } from '@tabler/icons-react';
import type { JournalRecord } from '@/api/types';
import { CodeBlock } from '@/ui/CodeBlock';
import { TimeText } from '@/ui/TimeText';
import css from './Journal.module.css';

/** One record: what was decided, about what, by whom; opened, its payload and digests. */
export function RecordRow({ record }: { record: JournalRecord }) {
  return (
    <details className={css.record}>
      <summary className={css.summary}>
        <IconChevronRight size={14} stroke={1.75} className={css.chevron} aria-hidden="true" />
        <code className={css.seq}>{record.seq}</code>
        <TimeText us={record.at_us} bare seconds className={css.time} />
        <code className={css.kind}>{record.kind}</code>
        <code className={css.stream}>
          {record.stream} <span className="faint">v{record.version}</span>
        </code>
        <span className={css.actor}>{record.actor.name}</span>
      </summary>
      <div className={css.inside}>
        {record.payload ? (
          <CodeBlock
            text={JSON.stringify(record.payload, null, 2)}
            label={`Payload of record ${record.seq}`}
          />
        ) : (
          <p className="soft">The payload was erased; the chain still holds its digest.</p>
        )}
        <dl className={css.digests}>
          <dt>Payload digest</dt>
          <dd>
            <code>{record.payload_digest}</code>
          </dd>
          <dt>Hash</dt>
          <dd>
            <code>{record.hash}</code>
          </dd>
        </dl>
      </div>
    </details>
  );
}
