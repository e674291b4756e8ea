import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { Banner } from '@/ui/Banner';
import { CopyBlock } from '@/ui/CliLine';
import css from './Integration.module.css';

interface KeyOnceProps {
  keyText: string;
  url: string;
  curl: string;
  onDone: () => void;
}

/** The only moment at which a key can be read: only its hash is kept. */
export function KeyOnce({ keyText, url, curl, onDone }: KeyOnceProps) {
  return (
    <div className={css.once}>
      <Banner tone="warn" icon={<IconKey size={16} stroke={1.75} />} title="Copy the key now.">
        It is not stored and cannot be shown again; a lost key is replaced by a new one.
      </Banner>
      <div>
        <p className={css.label}>Key</p>
        <CopyBlock text={keyText} label="the key" />
      </div>
      <div>
        <p className={css.label}>Address</p>
        <CopyBlock text={url} label="the address" />
      </div>
      <div>
        <p className={css.label}>The first alert</p>
        <CopyBlock text={curl} label="the curl line" />
      </div>
      <div className={css.end}>
        <Button size="bar" variant="filled" onClick={onDone}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}
