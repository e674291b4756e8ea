import { type View, views } from './rows';
import { type Span, spans } from './span';

/** What the address of the calendar says: a link shows another person the same thing. */
export interface OncallSearch {
  /** Any instant of the span, in ms UTC. */
  at?: number;
  /** A stretch that needs cover, in ms UTC: the form opens with it. */
  cover?: number;
  until?: number;
  view?: View;
  span?: Span;
  /** The zone that times are read in, when it is not the viewer's. */
  zone?: string;
  layers?: true;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function zoneOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }) && value;
  } catch {
    return undefined;
  }
}

/** Reads the address; what it does not know is left out. */
export function oncallSearch(search: Record<string, unknown>): OncallSearch {
  return {
    at: numberOf(search.at),
    cover: numberOf(search.cover),
    until: numberOf(search.until),
    view: views.find((view) => view === search.view),
    span: spans.find((span) => span === search.span),
    zone: zoneOf(search.zone),
    layers: search.layers === true ? true : undefined,
  };
}
