import { Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Incident } from '@/api/types';
import { cli } from '@/lib/cli';
import { type Level, levelAbove, levelName, levelOf, levels } from '@/lib/lamp';
import { FormModal } from '@/ui/FormModal';
import { useAct } from '../actions';

interface Props {
  incident: Incident;
  opened: boolean;
  onClose: () => void;
}

function rank(level: string): number {
  return levels.findIndex((known) => known.toLowerCase() === level.toLowerCase());
}

/** Anyone may raise: the chosen level is engaged at once, with every level below it. */
export function RaiseForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const above = levels.filter((level) => rank(level) > rank(incident.level));
  const [level, setLevel] = useState<Level | null>(levelAbove(incident.level));
  const [reason, setReason] = useState('');
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Raise ${incident.reference}`}
      submit={level ? `Raise to ${levelName(level)}` : 'Raise'}
      pending={act.isPending}
      error={act.error}
      command={cli('incident raise', [incident.reference], { level, reason })}
      blocked={level ? null : 'It is at the top level already.'}
      onSubmit={() =>
        level && act.mutate({ verb: 'raise', level, reason: reason || undefined }, { onSuccess: onClose })
      }
    >
      <p className="soft">People are added, never removed: every level below is engaged too.</p>
      <Select
        label="To level"
        data={above.map((value) => ({ value, label: levelName(value) }))}
        value={level}
        onChange={(value) => setLevel(levelOf(value))}
        allowDeselect={false}
      />
      <Textarea
        label="Reason"
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormModal>
  );
}

/** Lowering is asked by one person and consented to by a second. */
export function LowerForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const below = levels.filter((level) => rank(level) < rank(incident.level));
  const [level, setLevel] = useState<Level | null>(below.at(-1) ?? null);
  const [reason, setReason] = useState('');
  const blocked = level ? (reason.trim() ? null : 'A reason is needed.') : 'It is at L1 already.';
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Lower ${incident.reference}`}
      submit="Ask to lower"
      pending={act.isPending}
      error={act.error}
      command={cli('incident lower', [incident.reference], { level, reason })}
      blocked={blocked}
      onSubmit={() => level && act.mutate({ verb: 'lower', level, reason }, { onSuccess: onClose })}
    >
      <p className="soft">The level's owner asks and a second person consents. Until then nothing changes.</p>
      <Select
        label="To level"
        data={below.map((value) => ({ value, label: levelName(value) }))}
        value={level}
        onChange={(value) => setLevel(levelOf(value))}
        allowDeselect={false}
      />
      <Textarea
        label="Reason"
        required
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormModal>
  );
}
