import { Button, Select } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Feed } from '@/api/types';
import { cli } from '@/lib/cli';
import { Banner } from '@/ui/Banner';
import { CliLine, CopyBlock } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { useFeeds, useMakeFeed, useReplaceFeed, useRevokeFeed } from './api';
import css from './Me.module.css';

interface RowProps {
  feed: Feed;
  onMade: (url: string) => void;
}

function Row({ feed, onMade }: RowProps) {
  const [sure, setSure] = useState(false);
  const replace = useReplaceFeed();
  const revoke = useRevokeFeed();
  const error = replace.error ?? revoke.error;
  return (
    <li className={css.contact}>
      <div className={css.line}>
        <div className="grow">
          <p className="mid">{feed.person_id ? 'My shifts' : feed.name}</p>
          <p className="soft small">
            made <TimeText us={feed.created_us} />
          </p>
        </div>
        <Button
          size="bar"
          loading={replace.isPending}
          onClick={() => replace.mutate(feed.id, { onSuccess: ({ url }) => onMade(url) })}
          aria-label={`New address for ${feed.name}`}
        >
          New address
        </Button>
        <Button
          size="bar"
          color="crimson"
          variant={sure ? 'filled' : undefined}
          loading={revoke.isPending}
          onClick={() => (sure ? revoke.mutate(feed.id) : setSure(true))}
          onBlur={() => setSure(false)}
          aria-label={sure ? `Revoke ${feed.name} for good` : `Revoke ${feed.name}`}
        >
          {sure ? 'Revoke for good' : 'Revoke'}
        </Button>
      </div>
      {error && (
        <p className={css.error} role="alert">
          {messageOf(error)}
        </p>
      )}
    </li>
  );
}

interface Props {
  /** Whether the account is somebody in the organisation. */
  own: boolean;
  schedules: readonly { id: string; name: string }[];
}

/** Addresses under which a calendar program shows shifts. */
export function Feeds({ own, schedules }: Props) {
  const feeds = useFeeds();
  const make = useMakeFeed();
  const [made, setMade] = useState<string | null>(null);
  const [of, setOf] = useState<string | null>(own ? 'me' : null);
  const choices = [
    ...(own ? [{ value: 'me', label: 'My shifts' }] : []),
    ...schedules.map(({ id, name }) => ({ value: `schedule:${id}`, label: name })),
  ];
  const create = () =>
    make.mutate(of === 'me' ? null : (of ?? '').replace('schedule:', ''), {
      onSuccess: ({ url }) => setMade(url),
    });
  const items = feeds.data ?? [];
  return (
    <Panel title="In my calendar" count={feeds.data ? items.length : undefined}>
      {made && (
        <div className={css.once}>
          <Banner tone="warn" icon={<IconKey size={16} stroke={1.75} />} title="Copy the address now.">
            Whoever knows it sees the shifts, without signing in. It is not shown again.
          </Banner>
          <CopyBlock text={made} label="the calendar address" />
          <p className="soft small">
            In your calendar program: add a calendar by its address (URL). Changes arrive when the program
            looks again, which some do only every few hours.
          </p>
        </div>
      )}
      {feeds.isPending && <LoadingRows rows={1} height={56} />}
      {feeds.isError && (
        <ErrorState
          title="The feeds could not be read."
          detail={messageOf(feeds.error)}
          retry={() => feeds.refetch()}
        />
      )}
      {feeds.data && items.length === 0 && (
        <EmptyState title="No calendar follows your shifts yet.">
          Make an address and subscribe to it: phone, mail program and calendar then show when you are on
          call.
        </EmptyState>
      )}
      <ul>
        {items.map((feed) => (
          <Row key={feed.id} feed={feed} onMade={setMade} />
        ))}
      </ul>
      <div className={css.make}>
        <Select
          label="Make an address of"
          data={choices}
          value={of}
          onChange={setOf}
          allowDeselect={false}
          className="grow"
        />
        <Button size="bar" variant="filled" onClick={create} loading={make.isPending} disabled={of === null}>
          Make address
        </Button>
      </div>
      {make.isError && (
        <p className={css.error} role="alert">
          {messageOf(make.error)}
        </p>
      )}
      <div className={css.cli}>
        <CliLine
          command={cli('feed create', [], {
            schedule: of?.startsWith('schedule:') ? of.slice(9) : undefined,
          })}
        />
      </div>
    </Panel>
  );
}
