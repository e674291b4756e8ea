import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { Kbd } from '@/ui/Kbd';
import css from './Palette.module.css';

/** Something that the palette can do. */
export interface Command {
  id: string;
  label: string;
  group: string;
  hint?: string;
  keys?: string;
  run: () => void;
}

/** Commands whose label, group or hint contain every word that was typed. */
export function matchCommands(all: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter((command) => {
      const text = `${command.label} ${command.group} ${command.hint ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .slice(0, 40);
}

interface PaletteProps {
  opened: boolean;
  onClose: () => void;
  commands: readonly Command[];
}

function Option({ command, id, on, pick }: { command: Command; id: string; on: boolean; pick: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox keeps the focus and handles the keys of its options
    <div
      id={id}
      className={css.option}
      role="option"
      aria-selected={on}
      onMouseDown={(event) => event.preventDefault()}
      onClick={pick}
      tabIndex={-1}
      ref={(node) => {
        if (on) node?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <span className="cut grow">{command.label}</span>
      {command.hint && <span className="faint small cut">{command.hint}</span>}
      <span className={css.group}>{command.group}</span>
      {command.keys?.split(' ').map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </div>
  );
}

function Search({ onClose, commands }: Omit<PaletteProps, 'opened'>) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const found = useMemo(() => matchCommands(commands, query), [commands, query]);
  const pick = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    // After the dialog has given the focus back, so that what opens next can take it.
    setTimeout(command.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((old) => Math.min(Math.max(old + step, 0), Math.max(found.length - 1, 0)));
    }
    if (event.key === 'Enter') pick(found[at]);
  };
  return (
    <>
      <TextInput
        data-autofocus
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        placeholder="Room, incident, person or action"
        aria-label="Search or run a command"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
        leftSection={<IconSearch size={16} stroke={1.75} />}
        size="lg"
      />
      <div id={list} className={css.list} role="listbox" aria-label="Results">
        {found.map((command, index) => (
          <Option
            key={command.id}
            id={`${list}-${index}`}
            command={command}
            on={index === at}
            pick={() => pick(command)}
          />
        ))}
      </div>
      {found.length === 0 && (
        <p className={css.none}>Nothing matches “{query}”. Try a room, INC-42 or a name.</p>
      )}
    </>
  );
}

/** `Ctrl K`: every room, every open incident, every action of this page. */
export function Palette({ opened, onClose, commands }: PaletteProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={580} padding={8}>
      <Modal.Overlay />
      <Modal.Content aria-label="Command palette">
        <Modal.Body>
          <Search onClose={onClose} commands={commands} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
