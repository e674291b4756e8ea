import { describe, expect, it } from 'vitest';
import { safeNext } from '../session/next';
import { curlExample } from './examples';
import { draftOf, mappingOf } from './mapping';
import { fillPaste } from './paste';

describe('a mapping', () => {
  it('comes back from the form as it went in', () => {
    const mapping = {
      title: 'body.a',
      severity: "'critical'",
      labels: { account: 'body.x ? "a:b" : "c"' },
      links: { Finding: 'body.url' },
    };
    expect(mappingOf(draftOf(mapping))).toEqual(mapping);
  });

  it('leaves out what is empty', () => {
    expect(mappingOf(draftOf({ title: 'body.t' }))).toEqual({ title: 'body.t' });
  });
});

describe('a curl line', () => {
  it('sends JSON to where Prometheus would', () => {
    expect(curlExample('alertmanager_api', 'http://h/integrations/k', 'k')).toContain(
      '/integrations/k/api/v2/alerts',
    );
  });

  it('puts the key where the vendor has it', () => {
    expect(curlExample('pagerduty', 'http://h/v2/enqueue', 'secret')).toContain('"routing_key": "secret"');
  });
});

describe('what a set-up pastes', () => {
  it('is filled, and every other brace stays', () => {
    const given = { url: 'https://h.example:8/integrations/k/events', key: 'k', secret: 's' };
    expect(fillPaste('{url} {base} {host} {key} {secret} {"id": "$ID"}\n', given)).toBe(
      'https://h.example:8/integrations/k/events https://h.example:8 h.example:8 k s {"id": "$ID"}',
    );
  });
});

describe('after signing in', () => {
  it('only paths of this console are followed', () => {
    expect(safeNext('/incidents/INC-1')).toBe('/incidents/INC-1');
    expect(safeNext('//evil.example')).toBe('/');
    expect(safeNext('https://evil.example')).toBe('/');
    expect(safeNext('/sign-in?next=/')).toBe('/');
    expect(safeNext(undefined)).toBe('/');
  });
});
