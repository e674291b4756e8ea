import { useRef, useState } from 'react';
import { holdOrder } from './heldOrder';

/** A list that stands still while a pointer or the focus is on it. */
export function useHeldList<T>(items: readonly T[], id: (item: T) => string) {
  const [held, setHeld] = useState(false);
  const order = useRef<string[]>([]);
  const result = held ? holdOrder(items, order.current, id) : { items: [...items], waiting: 0 };
  if (!held) order.current = items.map(id);
  return {
    ...result,
    release: () => setHeld(false),
    handlers: {
      onMouseEnter: () => setHeld(true),
      onMouseLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: () => setHeld(false),
    },
  };
}
