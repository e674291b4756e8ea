import { Button, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Person } from '@/api/types';
import { Panel } from '@/ui/Panel';
import { PersonAvatar } from '@/ui/Person';
import { ReorderList, reordered } from '@/ui/ReorderList';
import css from './Roster.module.css';
import { type LayerDocument, type Slot, slotName, turnWords } from './roster';
import { Windows } from './Windows';

const units = [
  { value: 'hourly', label: 'Hours' },
  { value: 'daily', label: 'Days' },
  { value: 'weekly', label: 'Weeks' },
  { value: 'monthly', label: 'Months' },
  { value: 'custom', label: 'Another length' },
];

const advances = [
  { value: 'calendar', label: 'Every turn of the calendar' },
  { value: 'active', label: 'Only days with duty' },
  { value: 'fair', label: 'Fair: every place in turn' },
];

type Rotation = LayerDocument['rotation'];

interface Props {
  layer: LayerDocument;
  people: readonly Person[];
  onChange: (layer: LayerDocument) => void;
  onRemove: () => void;
}

function Turns({ rotation, set }: { rotation: Rotation; set: (part: Partial<Rotation>) => void }) {
  if (rotation.turns && rotation.turns.length > 0) {
    return (
      <TextInput
        label="Turns, one after the other"
        value={rotation.turns.join(', ')}
        onChange={(event) => set({ turns: event.currentTarget.value.split(',').map((turn) => turn.trim()) })}
      />
    );
  }
  return (
    <>
      <Select
        label="A turn lasts"
        className={css.half}
        data={units}
        value={rotation.unit ?? 'weekly'}
        allowDeselect={false}
        onChange={(unit) => set({ unit: unit ?? 'weekly', turn: unit === 'custom' ? '12h' : undefined })}
      />
      {rotation.unit === 'custom' ? (
        <TextInput
          className={css.half}
          label="Length, as 12h or 4d"
          value={rotation.turn ?? ''}
          onChange={(event) => set({ turn: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          className={css.half}
          label="How many of them"
          type="number"
          min={1}
          value={rotation.every ?? 1}
          onChange={(event) => set({ every: Math.max(1, Number(event.currentTarget.value) || 1) })}
        />
      )}
    </>
  );
}

function Participants({
  layer,
  people,
  set,
}: Pick<Props, 'layer' | 'people'> & { set: (slots: Slot[]) => void }) {
  const [adding, setAdding] = useState<string | null>(null);
  const slots = layer.rotation.participants;
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const items = slots.map((slot, at) => {
    const name = slotName(slot, nameOf);
    const ids = slot === 'NOBODY' ? [] : [slot].flat();
    const avatars = ids.map((id) => <PersonAvatar key={id} id={id} name={nameOf(id)} />);
    const key = `${JSON.stringify(slot)} ${slots.slice(0, at).filter((each) => `${each}` === `${slot}`).length}`;
    const content = (
      <>
        {avatars}
        <span className="cut">{name}</span>
      </>
    );
    return { key, name, content };
  });
  return (
    <div>
      <p className={css.fieldName}>Who takes turns, in this order</p>
      <ReorderList
        label={`Order of ${layer.name}`}
        items={items}
        onMove={(from, to) => set(reordered(slots, from, to))}
        onRemove={(at) => set(slots.filter((_, each) => each !== at))}
      />
      <div className={css.add}>
        <Select
          aria-label={`Add somebody to ${layer.name}`}
          placeholder="Add somebody"
          searchable
          clearable
          data={[
            ...people
              .filter((person) => !person.external)
              .map(({ id, name }) => ({ value: id, label: name })),
            { value: 'NOBODY', label: 'Nobody (a buffer)' },
          ]}
          value={adding}
          onChange={setAdding}
        />
        <Button
          size="bar"
          leftSection={<IconPlus size={14} stroke={2} />}
          disabled={!adding}
          onClick={() => {
            if (adding) set([...slots, adding]);
            setAdding(null);
          }}
        >
          Add
        </Button>
      </div>
    </div>
  );
}

/** One layer of a roster: when it counts, who takes turns, for how long each. */
export function LayerEditor({ layer, people, onChange, onRemove }: Props) {
  const { rotation } = layer;
  const setRotation = (part: Partial<Rotation>) => onChange({ ...layer, rotation: { ...rotation, ...part } });
  return (
    <Panel
      title={layer.name || 'New layer'}
      count={turnWords(rotation)}
      right={
        <Button size="sm" onClick={onRemove} aria-label={`Remove the layer ${layer.name}`}>
          Remove
        </Button>
      }
      padded
    >
      <div className={css.layer}>
        <div className={css.fields}>
          <TextInput
            label="Name"
            value={layer.name}
            onChange={(event) => onChange({ ...layer, name: event.currentTarget.value })}
          />
          <Turns rotation={rotation} set={setRotation} />
          <TextInput
            label="The first one's turn begins"
            type="datetime-local"
            value={(rotation.start ?? '').slice(0, 16)}
            onChange={(event) => setRotation({ start: event.currentTarget.value || undefined })}
          />
          <Select
            label="The order moves on with"
            data={advances}
            value={rotation.advance ?? 'calendar'}
            allowDeselect={false}
            onChange={(advance) =>
              setRotation({ advance: advance === 'calendar' ? undefined : (advance ?? undefined) })
            }
          />
        </div>
        <Windows
          name={layer.name}
          windows={layer.active ?? []}
          onChange={(active) => onChange({ ...layer, active: active.length > 0 ? active : undefined })}
        />
        <Participants layer={layer} people={people} set={(participants) => setRotation({ participants })} />
      </div>
    </Panel>
  );
}
