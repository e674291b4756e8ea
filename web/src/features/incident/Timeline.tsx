import {
  type Icon,
  IconArrowDown,
  IconArrowUp,
  IconBell,
  IconCheck,
  IconClock,
  IconLink,
  IconMessage,
  IconPlug,
  IconRobot,
} from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { TimelineEntry } from '@/api/types';
import { useOrganisation } from '@/features/organisation/api';
import { pieces } from '@/lib/pieces';
import { useMinute } from '@/lib/serverClock';
import { clock, day, instant, isoDay, utc } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FilterChips } from '@/ui/FilterChips';
import { Panel } from '@/ui/Panel';
import { PersonAvatar } from '@/ui/Person';
import { SeverityChip } from '@/ui/SeverityChip';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { inFilter, isOwnAct, type TimelineFilter } from './model';
import { useTimeline } from './queries';
import css from './Timeline.module.css';
import { guardWords } from './when';

const marks: readonly [RegExp, Icon, string][] = [
  [/resolve|close/, IconCheck, 'ok'],
  [/engaged|raised/, IconArrowUp, 'warn'],
  [/lower/, IconArrowDown, 'plain'],
  [/page|told|step_started/, IconBell, 'accent'],
  [/note/, IconMessage, 'plain'],
  [/link/, IconLink, 'plain'],
  [/silent|snooze|expired|repeat/, IconClock, 'warn'],
  [/alert|opened/, IconPlug, 'plain'],
];

function Mark({ entry }: { entry: TimelineEntry }) {
  if (isOwnAct(entry)) {
    return <PersonAvatar id={entry.actor.id} name={entry.actor.name} size={20} />;
  }
  const [, Shape, tone] = marks.find(([pattern]) => pattern.test(entry.kind)) ?? [null, IconRobot, 'plain'];
  return (
    <span className={css.mark} data-tone={tone}>
      <Shape size={12} stroke={1.9} aria-hidden="true" />
    </span>
  );
}

/** Names of people stand out, so that a woken eye finds who; what is quoted in backticks is set as code. */
function Sentence({ entry }: { entry: TimelineEntry }) {
  const people = useOrganisation().data?.people ?? [];
  const names = [entry.actor.name, ...people.map((person) => person.name)];
  return (
    <p className={css.text}>
      {pieces(entry.text, names).map((piece) => {
        if (piece.kind === 'text') return piece.text;
        if (piece.kind === 'code') return <code key={piece.at}>{piece.text}</code>;
        return (
          <span key={piece.at} className="strong">
            {piece.text}
          </span>
        );
      })}
      {entry.severity && !entry.text.includes(entry.severity) && (
        <>
          {' '}
          <SeverityChip value={entry.severity} />
        </>
      )}
    </p>
  );
}

/** What follows `by judgement:` is a guard of the policy; it is said in words. */
function inWords(detail: string): string {
  const judgement = 'by judgement: ';
  return detail.startsWith(judgement) ? `${judgement}${guardWords(detail.slice(judgement.length))}` : detail;
}

function Detail({ detail }: { detail: string }) {
  const address = /^https?:\/\/\S+$/.test(detail);
  return (
    <p className={css.detail}>
      {address ? (
        <a className="link" href={detail} target="_blank" rel="noreferrer">
          {detail}
        </a>
      ) : (
        inWords(detail)
      )}
    </p>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const zone = useZone();
  const ms = entry.at_us / 1000;
  return (
    <li className={css.entry}>
      <time
        className={css.at}
        dateTime={new Date(ms).toISOString()}
        title={`${instant(ms, zone, 0, true)} · ${utc(ms)}`}
      >
        {clock(ms, zone, true)}
      </time>
      <span className={css.rail} aria-hidden="true">
        <Mark entry={entry} />
      </span>
      <div className={css.body}>
        <Sentence entry={entry} />
        {entry.detail && <Detail detail={entry.detail} />}
      </div>
    </li>
  );
}

/** Entries with a line between days, today without one. */
function Entries({ entries }: { entries: readonly TimelineEntry[] }) {
  const zone = useZone();
  const today = isoDay(useMinute(), zone);
  let shown = today;
  return (
    <ol className={css.list}>
      {entries.flatMap((entry) => {
        const date = isoDay(entry.at_us / 1000, zone);
        const head = date !== shown;
        shown = date;
        const line = <Entry key={entry.seq} entry={entry} />;
        if (!head) return [line];
        return [
          <li key={date} className={css.day}>
            {day(entry.at_us / 1000, zone)}
          </li>,
          line,
        ];
      })}
    </ol>
  );
}

/** Everything that happened, people and system merged, newest first. */
export function Timeline({ reference }: { reference: string }) {
  const [filter, setFilter] = useState<TimelineFilter>('story');
  const timeline = useTimeline(reference);
  const all = (timeline.data?.items ?? []).toSorted((a, b) => b.seq - a.seq);
  const counted = (value: TimelineFilter) => all.filter((entry) => inFilter(entry, value)).length;
  const entries = all.filter((entry) => inFilter(entry, filter));
  const choices = [
    { value: 'story', label: 'Story' },
    { value: 'people', label: 'People', count: counted('people') },
    { value: 'notes', label: 'Notes', count: counted('notes') },
    { value: 'all', label: 'Everything', count: all.length },
  ] as const;
  return (
    <Panel
      title="Timeline"
      count={entries.length}
      right={<FilterChips label="Show" choices={choices} value={filter} onChange={setFilter} />}
      className={css.panel}
    >
      {timeline.isError && (
        <ErrorState
          title="The timeline could not be read."
          detail={messageOf(timeline.error)}
          retry={() => timeline.refetch()}
        />
      )}
      {timeline.isPending && <LoadingRows rows={6} height={42} />}
      {timeline.data && entries.length === 0 && (
        <EmptyState title={all.length === 0 ? 'Nothing yet.' : 'Nothing of this kind.'} />
      )}
      {entries.length > 0 && <Entries entries={entries} />}
    </Panel>
  );
}
