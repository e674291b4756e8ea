import { Button, TextInput } from '@mantine/core';
import { IconCheck, IconShieldQuestion } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { messageOf } from '@/api/client';
import type { PersonContact } from '@/api/types';
import { cli } from '@/lib/cli';
import { CliLine } from '@/ui/CliLine';
import { Flag } from '@/ui/Flag';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { useConfirmCode, useContacts, useSendCode } from './api';
import css from './Me.module.css';

const CHANNELS: Record<string, string> = {
  email: 'Mail',
  webhook: 'Webhook',
  ntfy: 'ntfy',
  slack: 'Slack',
  telegram: 'Telegram',
  discord: 'Discord',
  mattermost: 'Mattermost',
  teams: 'Microsoft Teams',
  pushover: 'Pushover',
  sms: 'Text message',
  mailbox: 'Built-in mailbox',
};

function State({ contact }: { contact: PersonContact }) {
  if (!contact.enabled) return <Flag>disabled</Flag>;
  if (contact.verified)
    return (
      <Flag tone="ok" icon={<IconCheck size={13} stroke={1.75} />}>
        {contact.needs_code ? 'verified' : 'needs no code'}
      </Flag>
    );
  return (
    <Flag tone="warn" icon={<IconShieldQuestion size={13} stroke={1.75} />}>
      not verified
    </Flag>
  );
}

/** The field for the code, after one was sent. */
function CodeForm({ person, contact, onDone }: { person: string; contact: string; onDone: () => void }) {
  const [code, setCode] = useState('');
  const confirm = useConfirmCode(person);
  const send = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate({ contact, code }, { onSuccess: onDone });
  };
  return (
    <form className={css.code} onSubmit={send}>
      <TextInput
        label="The code that arrived"
        description="Six digits, good for ten minutes."
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        error={confirm.isError ? messageOf(confirm.error) : undefined}
        data-autofocus
      />
      <Button
        type="submit"
        size="bar"
        variant="filled"
        loading={confirm.isPending}
        disabled={code.trim().length < 6}
      >
        Confirm
      </Button>
    </form>
  );
}

function Row({ person, contact }: { person: string; contact: PersonContact }) {
  const [open, setOpen] = useState(false);
  const send = useSendCode(person);
  const asks = contact.enabled && contact.needs_code;
  const waits = open || (contact.code_expires_us !== null && !contact.verified);
  const label = waits ? 'Send another code' : contact.verified ? 'Test again' : 'Verify';
  return (
    <li className={css.contact}>
      <div className={css.line}>
        <div className="grow">
          <p className="mid">
            {CHANNELS[contact.channel] ?? contact.channel} <span className="faint small">{contact.id}</span>
          </p>
          {contact.address && <p className={css.address}>{contact.address}</p>}
        </div>
        <State contact={contact} />
        {asks && (
          <Button
            size="bar"
            loading={send.isPending}
            onClick={() => send.mutate(contact.id, { onSuccess: () => setOpen(true) })}
            aria-label={`${label} ${contact.id}`}
          >
            {label}
          </Button>
        )}
      </div>
      {send.isError && (
        <p className={css.error} role="alert">
          {messageOf(send.error)}
        </p>
      )}
      {asks && waits && <CodeForm person={person} contact={contact.id} onDone={() => setOpen(false)} />}
    </li>
  );
}

/** The ways to reach a person, each with the proof that messages arrive. */
export function Contacts({ person }: { person: string }) {
  const contacts = useContacts(person);
  const items = contacts.data?.items ?? [];
  return (
    <Panel title="My contacts" count={contacts.data ? items.length : undefined}>
      {contacts.isPending && <LoadingRows rows={2} height={56} />}
      {contacts.isError && (
        <ErrorState
          title="The contacts could not be read."
          detail={messageOf(contacts.error)}
          retry={() => contacts.refetch()}
        />
      )}
      {contacts.data && items.length === 0 && (
        <EmptyState title="Nobody can reach you.">
          The pack gives you no contact: ask your administrator.
        </EmptyState>
      )}
      <ul>
        {items.map((contact) => (
          <Row key={contact.id} person={person} contact={contact} />
        ))}
      </ul>
      <div className={css.cli}>
        <CliLine command={cli('contact list')} />
      </div>
    </Panel>
  );
}
