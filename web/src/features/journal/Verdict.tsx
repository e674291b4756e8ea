import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { messageOf } from '@/api/client';
import type { Verification } from '@/api/types';
import { useStatus } from '@/features/status/api';
import { count } from '@/lib/names';
import { TimeText } from '@/ui/TimeText';
import css from './Journal.module.css';

function Last() {
  const journal = useStatus().data?.journal;
  if (!journal) return null;
  if (!journal.verified_us) return <span className="soft">Not verified since the server started.</span>;
  return (
    <span className="soft">
      Last verified <TimeText us={journal.verified_us} seconds />, head at record{' '}
      {journal.seq.toLocaleString('en')}.
    </span>
  );
}

/** What the last walk over the chain found. */
export function Verdict({ result, error }: { result: Verification | undefined; error: unknown }) {
  if (error) {
    return (
      <p className={css.verdict} data-tone="bad" role="alert">
        The journal could not be verified. {messageOf(error)}
      </p>
    );
  }
  if (!result) return <Last />;
  if (result.ok) {
    return (
      <p className={css.verdict} data-tone="ok" role="status">
        <IconCheck size={16} stroke={2} aria-hidden="true" />
        <span>
          {count(result.records, 'record')} verified in {result.took_ms} ms. Head{' '}
          {result.head.seq.toLocaleString('en')} <code>{result.head.hash.slice(0, 16)}</code>
        </span>
      </p>
    );
  }
  return (
    <p className={css.verdict} data-tone="bad" role="alert">
      <IconAlertTriangle size={16} stroke={2} aria-hidden="true" />
      <span>
        The chain breaks at record {result.broken?.seq.toLocaleString('en')}
        {result.broken?.stream && <code> {result.broken.stream}</code>}: {result.broken?.reason}
      </span>
    </p>
  );
}
