import { Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Incident } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { cli } from '@/lib/cli';
import { serverNow, useNow } from '@/lib/serverClock';
import { instant } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { useAct } from '../actions';

interface Props {
  incident: Incident;
  opened: boolean;
  onClose: () => void;
}

const spans = [
  { value: '15', label: '15 minutes' },
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: '24 hours, the longest' },
];

/** Rests an acknowledged incident; when the time is over, its holder is paged again. */
export function SnoozeForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const zone = useZone();
  const now = useNow();
  const [minutes, setMinutes] = useState('60');
  const untilMs = now + Number(minutes) * 60_000;
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Snooze ${incident.reference}`}
      submit="Snooze"
      pending={act.isPending}
      error={act.error}
      command={cli('incident snooze', [incident.reference], { for: `${minutes}m` })}
      onSubmit={() =>
        act.mutate(
          { verb: 'snooze', until_us: Math.round((serverNow() + Number(minutes) * 60_000) * 1000) },
          { onSuccess: onClose },
        )
      }
    >
      <Select
        label="For"
        data={spans}
        value={minutes}
        onChange={(value) => value && setMinutes(value)}
        allowDeselect={false}
      />
      <p className="soft">
        Nobody is paged until {instant(untilMs, zone, now)}, unless it is raised or a new alert joins it.
      </p>
    </FormModal>
  );
}

/** Hands the case to one person, who is paged for it. */
export function ReassignForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const people = useOrganisation().data?.people ?? [];
  const [person, setPerson] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Reassign ${incident.reference}`}
      submit="Reassign"
      pending={act.isPending}
      error={act.error}
      command={cli('incident reassign', [incident.reference], { to: person, reason })}
      blocked={person ? null : 'Choose a person.'}
      onSubmit={() =>
        person &&
        act.mutate(
          { verb: 'reassign', person_id: person, reason: reason || undefined },
          { onSuccess: onClose },
        )
      }
    >
      <Select
        label="To"
        searchable
        placeholder="Name"
        data={people.map((each) => ({
          value: each.id,
          label: `${each.name}, ${each.title}${each.reachable ? '' : ' (unreachable)'}`,
        }))}
        value={person}
        onChange={setPerson}
        data-autofocus
      />
      <Textarea
        label="Reason"
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormModal>
  );
}

export function NoteForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const [text, setText] = useState('');
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Note on ${incident.reference}`}
      submit="Add note"
      pending={act.isPending}
      error={act.error}
      command={cli('incident note', [incident.reference, text || 'text'])}
      blocked={text.trim() ? null : 'The note is empty.'}
      onSubmit={() => act.mutate({ verb: 'note', text }, { onSuccess: onClose })}
    >
      <Textarea
        label="Note"
        description="It stands in the timeline for good. Keep secrets out of it."
        autosize
        minRows={4}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
    </FormModal>
  );
}

export function LinkForm({ incident, opened, onClose }: Props) {
  const act = useAct(incident.reference);
  const [href, setHref] = useState('');
  const [text, setText] = useState('');
  const valid = /^https?:\/\/\S+$/.test(href);
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={`Link from ${incident.reference}`}
      submit="Add link"
      pending={act.isPending}
      error={act.error}
      command={cli('incident link', [incident.reference, href || 'https://…', ...(text ? [text] : [])])}
      blocked={valid ? null : 'An http or https address is needed.'}
      onSubmit={() => act.mutate({ verb: 'link', href, text: text || href }, { onSuccess: onClose })}
    >
      <TextInput
        label="Address"
        type="url"
        placeholder="https://"
        value={href}
        onChange={(event) => setHref(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="What it is"
        placeholder="War room, ticket, dashboard"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormModal>
  );
}
