import { Modal, Radio, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { useCreateIntegration } from './api';
import { curlExample, kinds } from './examples';
import css from './Integration.module.css';
import { KeyOnce } from './KeyOnce';
import { starter } from './mapping';

interface Props {
  onClose: () => void;
  onCreated: (id: string) => void;
}

/** Name and kind in, key and address out; the key is shown this one time. */
export function CreateForm({ onClose, onCreated }: Props) {
  const create = useCreateIntegration();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string>('pagerduty');
  const [autoResolve, setAutoResolve] = useState(true);
  const made = create.data;
  if (made) {
    const done = () => {
      onCreated(made.id);
      onClose();
    };
    return (
      <Modal opened onClose={done} title={`${made.name} is ready`} size={640} closeOnClickOutside={false}>
        <KeyOnce
          keyText={made.key}
          url={made.url}
          curl={curlExample(made.kind, made.url, made.key)}
          onDone={done}
        />
      </Modal>
    );
  }
  const mapping = kind === 'generic' ? starter : undefined;
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Create an integration"
      submit="Create"
      pending={create.isPending}
      error={create.error}
      command={cli('integration create', [], { kind, name: name || 'NAME' })}
      blocked={name.trim() ? null : 'A name is needed.'}
      onSubmit={() => create.mutate({ name, kind: kind as never, auto_resolve: autoResolve, mapping })}
    >
      <TextInput
        label="Name"
        placeholder="GuardDuty, production"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Radio.Group label="What sends to it?" value={kind} onChange={setKind}>
        <div className={css.kinds}>
          {kinds.map((each) => (
            <Radio key={each.value} value={each.value} label={each.label} description={each.hint} />
          ))}
        </div>
      </Radio.Group>
      <Switch
        label="Resolve an incident when the source has resolved its last alert"
        checked={autoResolve}
        onChange={(event) => setAutoResolve(event.currentTarget.checked)}
      />
    </FormModal>
  );
}
