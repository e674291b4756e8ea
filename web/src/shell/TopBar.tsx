import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useConnection } from '@/lib/live';
import { useNow } from '@/lib/serverClock';
import { clock, day, zoneName } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Kbd } from '@/ui/Kbd';
import { Mark } from '@/ui/Mark';
import css from './TopBar.module.css';
import { useTitle } from './title';

function LiveState() {
  const { state } = useConnection();
  const words = { live: 'Live', stale: 'Stale', connecting: 'Connecting' }[state];
  return (
    <span className={css.live} data-state={state}>
      <span className={css.dot} aria-hidden="true" />
      {words}
    </span>
  );
}

function ViewerTime() {
  const now = useNow();
  const zone = useZone();
  const name = zoneName(now, zone);
  return (
    <span className={css.time}>
      <time className="mid" dateTime={new Date(now).toISOString()}>
        {day(now, zone)} {clock(now, zone, true)} {name}
      </time>
      {name !== 'UTC' && <span className="faint"> {clock(now, 'UTC', true)} UTC</span>}
    </span>
  );
}

function Title() {
  const { parent, title } = useTitle();
  return (
    <div className={css.title}>
      <span className={css.phoneMark}>
        <Mark />
      </span>
      {parent && (
        <span className={css.parent}>
          <Link to={parent.path}>{parent.name}</Link> /{' '}
        </span>
      )}
      <h1 className={css.h1}>{title}</h1>
    </div>
  );
}

interface TopBarProps {
  onPalette: () => void;
  viewer: ReactNode;
}

/** Where you are, what you can run, whether it is live, and what time it is. */
export function TopBar({ onPalette, viewer }: TopBarProps) {
  return (
    <header className={css.bar}>
      <Title />
      <UnstyledButton className={css.search} onClick={onPalette}>
        <IconSearch size={15} stroke={1.75} aria-hidden="true" />
        <span className={css.searchText}>Search or run</span>
        <span aria-hidden="true" className={css.searchKeys}>
          <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
        </span>
      </UnstyledButton>
      <LiveState />
      <span className={css.rule} aria-hidden="true" />
      <ViewerTime />
      {viewer}
    </header>
  );
}
