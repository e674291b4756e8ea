import { Tooltip } from '@mantine/core';
import { createContext, useContext } from 'react';
import { hashedSlot, initials, shortName } from '@/lib/names';
import css from './Person.module.css';

/** Colour slots by person id: 0 to 9, or null for people outside the rotation (neutral grey). */
export const PersonSlots = createContext<ReadonlyMap<string, number | null>>(new Map());

/** The id of the signed-in person, so that names can read "You". */
export const Viewer = createContext<string | null>(null);

/** The CSS variables of a person's colour: background, text and edge. */
export function usePersonColours(id: string): { bg: string; text: string; edge: string } {
  const slots = useContext(PersonSlots);
  const slot = slots.has(id) ? slots.get(id) : hashedSlot(id);
  const name = slot === null ? 'none' : slot;
  return {
    bg: `var(--d-person-${name}-bg)`,
    text: `var(--d-person-${name}-text)`,
    edge: `var(--d-person-${name}-edge)`,
  };
}

interface PersonProps {
  id: string;
  name: string;
}

export function PersonAvatar({ id, name, size = 20 }: PersonProps & { size?: 18 | 20 | 24 | 28 }) {
  const colours = usePersonColours(id);
  return (
    <Tooltip label={name}>
      <span
        className={css.avatar}
        data-size={size}
        aria-hidden="true"
        style={{ width: size, height: size, background: colours.bg, color: colours.text }}
      >
        {initials(name)}
      </span>
    </Tooltip>
  );
}

/** Avatar and name; the viewer reads "You" where `you` is set. */
export function PersonName({
  id,
  name,
  size = 20,
  short = false,
  you = false,
}: PersonProps & { size?: 18 | 20 | 24 | 28; short?: boolean; you?: boolean }) {
  const viewer = useContext(Viewer);
  const shown = short ? shortName(name) : name;
  return (
    <span className={css.person}>
      <PersonAvatar id={id} name={name} size={size} />
      <span className="cut">{you && viewer === id ? `${shown} (you)` : shown}</span>
    </span>
  );
}
