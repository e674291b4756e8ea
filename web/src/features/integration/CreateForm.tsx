import { Modal, Radio, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Sender } from '@/api/types';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { ErrorState, LoadingRows } from '@/ui/states';
import { useCreateIntegration, useSenders } from './api';
import css from './Integration.module.css';
import { KeyOnce } from './KeyOnce';
import { starter } from './mapping';
import { QuietAfter } from './QuietAfter';
import { topicsFault, topicsOf } from './topics';

interface Props {
  onClose: () => void;
  onCreated: (id: string) => void;
}

function Senders({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const senders = useSenders();
  if (senders.isError)
    return (
      <ErrorState
        title="The senders could not be read."
        detail={messageOf(senders.error)}
        retry={() => senders.refetch()}
      />
    );
  if (senders.isPending) return <LoadingRows rows={6} />;
  return (
    <Radio.Group label="What sends to it?" value={chosen} onChange={onChoose}>
      <div className={css.kinds}>
        {senders.data.items.map((each) => (
          <Radio key={each.id} value={each.id} label={each.title} description={each.hint} />
        ))}
      </div>
    </Radio.Group>
  );
}

/** What the request and the command say of a sender. */
function spoken(sender: Sender | undefined) {
  return sender?.vendor ? { vendor: sender.vendor } : { kind: sender?.kind ?? ('pagerduty' as const) };
}

/** Name and sender in, key and steps out; the key is shown this one time. */
export function CreateForm({ onClose, onCreated }: Props) {
  const create = useCreateIntegration();
  const senders = useSenders();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState('pagerduty');
  const [autoResolve, setAutoResolve] = useState(true);
  const [quietAfter, setQuietAfter] = useState<number | null>(null);
  const sender = senders.data?.items.find((each) => each.id === chosen);
  const [topicsText, setTopicsText] = useState('');
  const isHeartbeat = sender?.kind === 'heartbeat';
  const quietAfterS = quietAfter ?? (isHeartbeat ? 3600 : null);
  const made = create.data;
  if (made) {
    const done = () => {
      onCreated(made.id);
      onClose();
    };
    return (
      <Modal opened onClose={done} title={`${made.name} is ready`} size={680} closeOnClickOutside={false}>
        <KeyOnce integration={made} made={made} onDone={done} />
      </Modal>
    );
  }
  const mapping = chosen === 'generic' ? starter : undefined;
  const topics = chosen === 'aws_sns' ? topicsOf(topicsText) : undefined;
  const fault = topics && topicsFault(topics);
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Create an integration"
      submit="Create"
      pending={create.isPending}
      error={create.error}
      command={cli('integration create', [], {
        ...spoken(sender),
        name: name || 'NAME',
        topic: topics,
        ...(quietAfterS ? { 'quiet-after': `${quietAfterS}s` } : {}),
      })}
      blocked={name.trim() ? fault : 'A name is needed.'}
      onSubmit={() =>
        create.mutate({
          name,
          ...spoken(sender),
          auto_resolve: autoResolve,
          mapping,
          topics,
          quiet_after_s: quietAfterS ?? undefined,
        })
      }
    >
      <TextInput
        label="Name"
        placeholder="GuardDuty, production"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Senders chosen={chosen} onChoose={setChosen} />
      {topics && (
        <Textarea
          label="Topics"
          description="One ARN a line. These are subscribed and taken; any other is refused."
          placeholder="arn:aws:sns:eu-west-1:111122223333:alarms"
          value={topicsText}
          onChange={(event) => setTopicsText(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
        />
      )}
      <QuietAfter value={quietAfterS} needed={isHeartbeat} onChange={setQuietAfter} />
      <Switch
        label="Resolve an incident when the source has resolved its last alert"
        checked={autoResolve}
        onChange={(event) => setAutoResolve(event.currentTarget.checked)}
      />
    </FormModal>
  );
}
