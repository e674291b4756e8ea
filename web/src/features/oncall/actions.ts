import { createContext } from 'react';
import type { Row } from './calendar';

/** Opens what can be done with a whole line, beside the element that was chosen; null where nothing can. */
export const RowActions = createContext<((row: Row, at: HTMLElement) => void) | null>(null);
