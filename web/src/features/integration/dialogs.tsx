import { Modal } from '@mantine/core';
import type { Integration } from '@/api/types';
import { cli } from '@/lib/cli';
import { FormModal } from '@/ui/FormModal';
import { useDeleteIntegration, useRotateKey } from './api';
import { KeyOnce } from './KeyOnce';

/** Replaces the key; the new one is shown this once. */
export function Rotate({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const rotate = useRotateKey(integration.id);
  if (rotate.data) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={`New key of ${integration.name}`}
        size={680}
        closeOnClickOutside={false}
      >
        <KeyOnce integration={integration} made={rotate.data} onDone={onClose} />
      </Modal>
    );
  }
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`New key for ${integration.name}`}
      submit="Make a new key"
      tone="bad"
      pending={rotate.isPending}
      error={rotate.error}
      command={cli('integration rotate', [integration.id])}
      onSubmit={() => rotate.mutate()}
    >
      <p>
        The old key stops working at once. Whatever still sends with it is refused until it has the new one.
      </p>
    </FormModal>
  );
}

/** Takes the integration away, after saying what stays. */
export function Delete({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const remove = useDeleteIntegration(integration.id);
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Delete ${integration.name}`}
      submit="Delete"
      tone="bad"
      pending={remove.isPending}
      error={remove.error}
      command={cli('integration remove', [integration.id])}
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
    >
      <p>Its key stops working at once. Alerts and bodies that came through it stay in the record.</p>
    </FormModal>
  );
}
