import type { KeyboardEvent } from 'react';

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;
type Arrow = (typeof arrows)[number];

function isArrow(key: string): key is Arrow {
  return arrows.some((arrow) => arrow === key);
}

interface Place {
  /** Its line: blocks of one line share it. */
  top: number;
  left: number;
  right: number;
}

/** The index that an arrow leads to from `at`: along the line, or to what lies nearest on the next line. */
export function nextIndex(places: readonly Place[], at: number, arrow: Arrow): number {
  const here = places[at];
  if (!here) return at;
  const middle = (here.left + here.right) / 2;
  const along = (place: Place) => Math.abs((place.left + place.right) / 2 - middle);
  const candidates = places.map((place, index) => ({ place, index })).filter(({ index }) => index !== at);
  if (arrow === 'ArrowLeft' || arrow === 'ArrowRight') {
    const step = arrow === 'ArrowRight' ? 1 : -1;
    const line = candidates
      .filter(({ place }) => place.top === here.top && (place.left - here.left) * step > 0)
      .toSorted((a, b) => (a.place.left - b.place.left) * step);
    return line[0]?.index ?? at;
  }
  const step = arrow === 'ArrowDown' ? 1 : -1;
  const beyond = candidates.filter(({ place }) => (place.top - here.top) * step > 0);
  const nearest = Math.min(...beyond.map(({ place }) => (place.top - here.top) * step));
  const line = beyond.filter(({ place }) => (place.top - here.top) * step === nearest);
  return line.toSorted((a, b) => along(a.place) - along(b.place))[0]?.index ?? at;
}

/** Arrow keys move the focus between the blocks of a calendar: one stop of the Tab key for all of them. */
export function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const from = (event.target as HTMLElement).closest<HTMLElement>('[data-block]');
  if (!from || !isArrow(event.key)) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button[data-block]')];
  const places = all.map((block) => {
    const { top, left, right } = block.getBoundingClientRect();
    return { top: Math.round(top), left, right };
  });
  const next = all[nextIndex(places, all.indexOf(from), event.key)];
  if (!next || next === from) return;
  from.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
