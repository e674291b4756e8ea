import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormModal } from '@/ui/FormModal';
import { nameOf, type ObjectKey, usePreview, usePutObject } from './api';
import css from './Policy.module.css';
import { PreviewView } from './PreviewView';

interface EditObjectProps {
  object: ObjectKey;
  text: string;
  /** The version of the pack that the text is from. */
  version: number;
  onClose: () => void;
}

/** Why it cannot be saved yet. */
function why(isSame: boolean, reason: string): string | null {
  if (isSame) return 'Nothing is changed yet.';
  return reason.trim() === '' ? 'Say why, for the record.' : null;
}

/** Changes the text of one object: check and preview first, then save with a reason. */
export function EditObject({ object, text: before, version, onClose }: EditObjectProps) {
  const [text, setText] = useState(before);
  const [reason, setReason] = useState('');
  const preview = usePreview(object);
  const put = usePutObject(object);
  const save = () => put.mutate({ text, reason, base_version: version }, { onSuccess: onClose });
  return (
    <FormModal
      opened
      onClose={onClose}
      size={820}
      title={`Change ${nameOf(object)}`}
      submit="Save as a new version"
      pending={put.isPending}
      error={put.error ?? preview.error}
      blocked={why(text === before, reason)}
      onSubmit={save}
    >
      <Textarea
        className={css.editor}
        label="YAML"
        autosize
        minRows={8}
        maxRows={22}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          preview.reset();
        }}
      />
      <div className={css.row}>
        <Button onClick={() => preview.mutate(text)} loading={preview.isPending}>
          Check and preview
        </Button>
        <span className="soft small">Nothing is saved by a preview.</span>
      </div>
      {preview.data && <PreviewView answer={preview.data} />}
      <TextInput
        label="Reason"
        placeholder="Why the policy changes"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormModal>
  );
}
