import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormModal } from '@/ui/FormModal';
import {
  isChangedMeanwhile,
  nameOf,
  type ObjectKey,
  useObject,
  usePreview,
  usePutObject,
  useVersions,
} from './api';
import { BothChanged } from './BothChanged';
import css from './Policy.module.css';
import { PreviewView } from './PreviewView';

interface EditObjectProps {
  object: ObjectKey;
  text: string;
  /** The version of the pack that the text is from. */
  version: number;
  onClose: () => void;
}

/** A text of the object and the version of the pack that holds it. */
interface Written {
  text: string;
  version: number;
}

/** Why it cannot be saved yet. */
function why(isSame: boolean, isOpen: boolean, reason: string): string | null {
  if (isOpen) return 'Bring both changes together first.';
  if (isSame) return 'Nothing is changed yet.';
  return reason.trim() === '' ? 'Say why, for the record.' : null;
}

/** Saving onto the newest version; where somebody else changed the same object, their text comes back. */
function useSave(object: ObjectKey, onDone: () => void) {
  const put = usePutObject(object);
  const newest = useObject(object);
  const [theirs, setTheirs] = useState<Written | null>(null);
  const save = (text: string, reason: string, base: Written) =>
    put.mutate(
      { text, reason, base_version: base.version },
      {
        onSuccess: onDone,
        onError: async (error) => {
          if (!isChangedMeanwhile(error)) return;
          const { data } = await newest.refetch();
          if (!data) return;
          put.reset();
          // Only other objects changed: nothing is lost by saving on top of them.
          if (data.text === base.text) save(text, reason, { text: data.text, version: data.version });
          else setTheirs({ text: data.text, version: data.version });
        },
      },
    );
  return { put, save, theirs, settle: () => setTheirs(null) };
}

/** Changes the text of one object: check and preview first, then save with a reason. */
export function EditObject({ object, text: before, version, onClose }: EditObjectProps) {
  const [base, setBase] = useState<Written>({ text: before, version });
  const [text, setText] = useState(before);
  const [reason, setReason] = useState('');
  const preview = usePreview(object);
  const { put, save, theirs, settle } = useSave(object, onClose);
  const versions = useVersions().data?.items;
  const change = (changed: string) => {
    setText(changed);
    preview.reset();
  };
  return (
    <FormModal
      opened
      onClose={onClose}
      size={820}
      title={`Change ${nameOf(object)}`}
      submit="Save as a new version"
      pending={put.isPending}
      error={put.error ?? preview.error}
      blocked={why(text === base.text, theirs !== null, reason)}
      onSubmit={() => save(text, reason, base)}
    >
      {theirs ? (
        <BothChanged
          name={nameOf(object)}
          base={base.text}
          mine={text}
          theirs={theirs.text}
          version={versions?.find((each) => each.version === theirs.version)}
          onSettle={(both) => {
            change(both);
            setBase(theirs);
            settle();
          }}
        />
      ) : (
        <Textarea
          className={css.editor}
          label="YAML"
          autosize
          minRows={8}
          maxRows={22}
          spellCheck={false}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
      {!theirs && (
        <div className={css.row}>
          <Button onClick={() => preview.mutate(text)} loading={preview.isPending}>
            Check and preview
          </Button>
          <span className="soft small">Nothing is saved by a preview.</span>
        </div>
      )}
      {!theirs && preview.data && <PreviewView answer={preview.data} />}
      <TextInput
        label="Reason"
        placeholder="Why the policy changes"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormModal>
  );
}
