import type { Mapping } from '@/api/types';

/** The fields of a mapping, each an expression in CEL over `body` (and `item` where `each` splits the body). */
export const mappingFields = [
  {
    name: 'each',
    label: 'Each',
    hint: 'A list in the body: one event per element. Empty: the body is one event.',
  },
  { name: 'action', label: 'Action', hint: "'trigger', 'acknowledge' or 'resolve'. Empty: trigger." },
  { name: 'dedup_key', label: 'Dedup key', hint: 'Signals with the same key are one alert.' },
  { name: 'title', label: 'Title', hint: 'One line that says what is seen.' },
  { name: 'description', label: 'Description', hint: '' },
  { name: 'severity', label: 'Severity', hint: "'critical', 'error', 'warning' or 'info'." },
  { name: 'source', label: 'Source', hint: 'The host, account or service.' },
] as const;

export type MappingField = (typeof mappingFields)[number]['name'];

/** What the form holds: expressions by field, and labels as lines of `name: expression`. */
export interface MappingDraft {
  fields: Record<MappingField, string>;
  labels: string;
  links: string;
}

/** A mapping that reads the body of the generic curl line. */
export const starter: Mapping = {
  title: 'body.title',
  severity: 'body.severity',
  dedup_key: 'body.id',
  source: 'body.account',
};

export function draftOf(mapping: Mapping): MappingDraft {
  const fields = Object.fromEntries(mappingFields.map(({ name }) => [name, mapping[name] ?? '']));
  return {
    fields: fields as Record<MappingField, string>,
    labels: lines(mapping.labels),
    links: lines(mapping.links),
  };
}

function lines(expressions: Record<string, string> = {}): string {
  return Object.entries(expressions)
    .map(([name, expression]) => `${name}: ${expression}`)
    .join('\n');
}

function read(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return found;
}

/** The draft as the API takes it; empty fields are left out. */
export function mappingOf(draft: MappingDraft): Mapping {
  const [labels, links] = [read(draft.labels), read(draft.links)];
  const filled = Object.entries(draft.fields).filter(([, expression]) => expression.trim() !== '');
  const mapping: Mapping = { title: draft.fields.title, ...Object.fromEntries(filled) };
  if (Object.keys(labels).length > 0) mapping.labels = labels;
  if (Object.keys(links).length > 0) mapping.links = links;
  return mapping;
}
