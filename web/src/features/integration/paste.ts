/** What an integration was given, as its set-up pastes it. */
export interface Given {
  url: string;
  key: string;
  /** Nothing where no signature is asked for. */
  secret: string | null;
  /** The first topic of SNS that is taken. */
  topic?: string;
}

/** What stands for a key and a secret where they are no longer known. */
export const KEY = 'KEY';
export const SECRET = 'SECRET';

/** Fills `{url}`, `{base}`, `{host}`, `{scheme}`, `{key}`, `{secret}` and `{topic}`; every other brace stays. */
export function fillPaste(paste: string, given: Given): string {
  const address = new URL(given.url);
  const values: Record<string, string> = {
    url: given.url,
    base: address.origin,
    host: address.host,
    scheme: address.protocol.replace(':', ''),
    key: given.key,
    secret: given.secret ?? '',
    topic: given.topic ?? 'TOPIC_ARN',
  };
  return paste
    .trimEnd()
    .replaceAll(/\{(url|base|host|scheme|key|secret|topic)\}/g, (_, name: string) => values[name] ?? '');
}
