import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, messageOf, take } from '@/api/client';
import { changed } from '@/api/query';
import { cli } from '@/lib/cli';
import { useKeys } from '@/lib/keys';
import { usePageTitle } from '@/shell/title';
import { CliLine } from '@/ui/CliLine';
import { Kbd } from '@/ui/Kbd';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import css from './Journal.module.css';
import { RecordRow } from './RecordRow';
import { Verdict } from './Verdict';

interface Filter {
  kind?: string;
  stream?: string;
  after?: string;
}

function useJournal(filter: Filter) {
  return useQuery({
    queryKey: ['journal', filter],
    queryFn: () => take(api.GET('/api/v1/journal', { params: { query: { ...filter, limit: 100 } } })),
    placeholderData: keepPreviousData,
  });
}

/** Walks the whole chain on the server and names the first bad record. */
function useVerify() {
  return useMutation({
    mutationFn: () => take(api.POST('/api/v1/journal/verify', { body: {} })),
    onSettled: () => changed(['status', 'journal']),
  });
}

function Filters({
  kind,
  stream,
  onKind,
  onStream,
}: {
  kind: string;
  stream: string;
  onKind: (v: string) => void;
  onStream: (v: string) => void;
}) {
  return (
    <>
      <TextInput
        aria-label="Kind"
        placeholder="Kind, e.g. incident.opened"
        w={210}
        value={kind}
        onChange={(event) => onKind(event.currentTarget.value)}
      />
      <TextInput
        aria-label="Stream"
        placeholder="Stream"
        w={170}
        value={stream}
        onChange={(event) => onStream(event.currentTarget.value)}
      />
    </>
  );
}

/** The append-only record of every decision, newest first, and whether its chain holds. */
export function JournalPage() {
  usePageTitle('Journal');
  const [kind, setKind] = useState('');
  const [stream, setStream] = useState('');
  const [after, setAfter] = useState<string | undefined>();
  const [asked] = useDebouncedValue({ kind: kind || undefined, stream: stream || undefined }, 250);
  const journal = useJournal({ ...asked, after });
  const verify = useVerify();
  const records = journal.data?.items ?? [];
  useKeys([
    { keys: 'v', label: 'Verify the journal', group: 'Journal', command: true, run: () => verify.mutate() },
  ]);
  const first =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setAfter(undefined);
    };
  return (
    <div className={css.page}>
      <div className={css.top}>
        <Button
          size="bar"
          variant="filled"
          loading={verify.isPending}
          rightSection={<Kbd>v</Kbd>}
          onClick={() => verify.mutate()}
        >
          Verify the chain
        </Button>
        <Verdict result={verify.data} error={verify.error} />
        <div className={css.cli}>
          <CliLine command={cli('journal verify', [], { data: 'DIR' })} />
        </div>
      </div>
      <Panel
        title="Records"
        count={records.length}
        right={<Filters kind={kind} stream={stream} onKind={first(setKind)} onStream={first(setStream)} />}
      >
        {journal.isError && (
          <ErrorState
            title="The journal could not be read."
            detail={messageOf(journal.error)}
            retry={() => journal.refetch()}
          />
        )}
        {journal.isPending && <LoadingRows rows={12} />}
        {journal.data && records.length === 0 && <EmptyState title="No record matches." />}
        {records.map((record) => (
          <RecordRow key={record.seq} record={record} />
        ))}
      </Panel>
      <div className={css.pager}>
        {after && <Button onClick={() => setAfter(undefined)}>Back to the newest</Button>}
        {journal.data?.next && (
          <Button onClick={() => setAfter(journal.data?.next ?? undefined)}>Older</Button>
        )}
      </div>
    </div>
  );
}
