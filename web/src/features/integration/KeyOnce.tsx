import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { Integration } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { CopyBlock } from '@/ui/CliLine';
import { useSender } from './api';
import { curlExample } from './examples';
import css from './Integration.module.css';
import { Steps } from './Steps';

interface KeyOnceProps {
  integration: Integration;
  made: { key: string; url: string; signing_secret: string | null };
  onDone: () => void;
}

/** The only moment at which a key can be read: only its hash is kept. */
export function KeyOnce({ integration, made, onDone }: KeyOnceProps) {
  const sender = useSender(integration);
  const given = { url: made.url, key: made.key, secret: made.signing_secret, topic: integration.topics[0] };
  const what = made.signing_secret ? 'The key and the secret are' : 'The key is';
  return (
    <div className={css.once}>
      <Banner tone="warn" icon={<IconKey size={16} stroke={1.75} />} title="Do these steps now.">
        {what} not stored and cannot be shown again; what is lost is replaced by a new key.
      </Banner>
      {sender && <Steps sender={sender} given={given} />}
      <details className={css.more}>
        <summary>The parts, one by one</summary>
        <p className={css.label}>Key</p>
        <CopyBlock text={made.key} label="the key" />
        <p className={css.label}>Address</p>
        <CopyBlock text={made.url} label="the address" />
        {!integration.vendor && !['aws_sns', 'heartbeat'].includes(integration.kind) && (
          <>
            <p className={css.label}>The first alert</p>
            <CopyBlock text={curlExample(integration.kind, made.url, made.key)} label="the curl line" />
          </>
        )}
      </details>
      <div className={css.end}>
        <Button size="bar" variant="filled" onClick={onDone}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}
