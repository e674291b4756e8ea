import { Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, messageOf, take } from '@/api/client';
import type { Mail } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { useListCursor } from '@/lib/useListCursor';
import { usePageTitle } from '@/shell/title';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { PersonAvatar } from '@/ui/Person';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import css from './Mailbox.module.css';
import { MailView } from './MailView';

function useMailbox(person: string | null) {
  return useQuery({
    queryKey: ['mailbox', person],
    queryFn: () =>
      take(api.GET('/api/v1/mailbox', { params: { query: { person_id: person ?? undefined, limit: 100 } } })),
    placeholderData: keepPreviousData,
  });
}

interface ItemProps {
  mail: Mail;
  chosen: boolean;
  onChoose: () => void;
  itemRef: (node: HTMLElement | null) => void;
}

function Item({ mail, chosen, onChoose, itemRef }: ItemProps) {
  return (
    <button
      type="button"
      className={css.item}
      aria-current={chosen || undefined}
      onClick={onChoose}
      ref={itemRef}
    >
      <PersonAvatar id={mail.person_id} name={mail.name} size={28} />
      <span className="grow">
        <span className={css.line}>
          <span className="mid cut grow">{mail.name}</span>
          {mail.sent_us && <TimeText us={mail.sent_us} bare seconds className="faint caption" />}
        </span>
        <span className={css.subject}>{mail.subject}</span>
      </span>
    </button>
  );
}

/** What each person would have received: the channel that needs no provider. */
export function MailboxPage() {
  usePageTitle('Mailbox');
  const people = useOrganisation().data?.people ?? [];
  const [person, setPerson] = useState<string | null>(null);
  const [chosenId, setChosen] = useState<string | null>(null);
  const mailbox = useMailbox(person);
  const mails = mailbox.data?.items ?? [];
  const chosen = mails.find((mail) => mail.notification_id === chosenId) ?? mails[0];
  const choose = (at: number) => setChosen(mails[at]?.notification_id ?? null);
  const cursor = useListCursor({ length: mails.length, group: 'Mailbox', onOpen: choose });
  return (
    <div className={css.page}>
      <Panel
        title="Mailbox"
        count={mails.length}
        className={css.list}
        right={
          <Select
            aria-label="Person"
            placeholder="Everybody"
            clearable
            searchable
            w={200}
            data={people.map(({ id, name }) => ({ value: id, label: name }))}
            value={person}
            onChange={setPerson}
          />
        }
      >
        {mailbox.isError && (
          <ErrorState
            title="The mailbox could not be read."
            detail={messageOf(mailbox.error)}
            retry={() => mailbox.refetch()}
          />
        )}
        {mailbox.isPending && <LoadingRows rows={6} height={51} />}
        {mailbox.data && mails.length === 0 && (
          <EmptyState title="Nothing was sent.">
            A page lands here when a person's rule names the mailbox.{' '}
            <Link to="/integrations" className="link">
              Send a test alert
            </Link>{' '}
            to see one.
          </EmptyState>
        )}
        {mails.map((mail, at) => (
          <Item
            key={mail.notification_id}
            mail={mail}
            chosen={mail === chosen || at === cursor.at}
            onChoose={() => choose(at)}
            itemRef={cursor.rowRef(at)}
          />
        ))}
      </Panel>
      <div className="stack">
        {chosen && <MailView mail={chosen} />}
        <CliLine command={cli('mailbox list', [], { person: person ?? undefined })} />
      </div>
    </div>
  );
}
