import { Button, Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { messageOf } from '@/api/client';
import { CliLine } from './CliLine';
import css from './FormModal.module.css';

interface FormModalProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What the button says: verb and object. */
  submit: string;
  onSubmit: () => void;
  pending: boolean;
  error: unknown;
  /** The command that does the same. */
  command?: string;
  /** Why the form cannot be sent yet; the button is off and says it. */
  blocked?: string | null;
  tone?: 'plain' | 'bad';
  /** Width in px on a desk. */
  size?: number;
  children: ReactNode;
}

/** One decision in a dialog: fields, the command that does the same, one button. Input stays on an error. */
export function FormModal(props: FormModalProps) {
  const { opened, onClose, title, submit, onSubmit, pending, error, command, blocked, tone, children } =
    props;
  const { size = 480 } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!blocked) onSubmit();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} yOffset={size > 480 ? '6vh' : '12vh'}>
      <form className={css.form} onSubmit={send}>
        {children}
        {error ? (
          <p className={css.error} role="alert">
            {messageOf(error)}
          </p>
        ) : null}
        {command && <CliLine command={command} />}
        <div className={css.foot}>
          <span className="faint small grow" id="blocked">
            {blocked}
          </span>
          <Button size="bar" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="bar"
            type="submit"
            variant="filled"
            color={tone === 'bad' ? 'crimson' : undefined}
            loading={pending}
            disabled={Boolean(blocked)}
            aria-describedby="blocked"
          >
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
