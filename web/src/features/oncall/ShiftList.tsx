import { IconArrowsExchange } from '@tabler/icons-react';
import { levelShort } from '@/lib/lamp';
import { useMinute } from '@/lib/serverClock';
import { clock, day, isoDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { PersonAvatar, PersonName } from '@/ui/Person';
import { EmptyState } from '@/ui/states';
import { isSecond } from './BlockView';
import type { Block, Row } from './calendar';
import css from './Oncall.module.css';
import type { View } from './rows';

interface Props {
  rows: readonly Row[];
  view: View;
  fromMs: number;
  toMs: number;
  onPick: (block: Block) => void;
}

interface Entry {
  row: Row;
  block: Block;
}

function labelOf(row: Row): string {
  return row.kind === 'level' ? levelShort(row.label) : row.label;
}

/** Of a level that two schedules fill, the one that is paged later. */
function second(row: Row, block: Block): string {
  return row.kind === 'level' && isSecond(block) ? ', 2nd' : '';
}

/** `08:00 to 17:00`, with the weekday where it ends on another day. */
function timesOf(block: Block, zone: string): string {
  const sameDay = isoDay(block.startMs, zone) === isoDay(block.endMs - 1, zone);
  const end = sameDay
    ? clock(block.endMs, zone)
    : `${day(block.endMs, zone).slice(0, 3)} ${clock(block.endMs, zone)}`;
  return `${clock(block.startMs, zone)} to ${end}`;
}

function Shift({
  entry: { block, row },
  now,
  onPick,
}: {
  entry: Entry;
  now: number;
  onPick: Props['onPick'];
}) {
  const zone = useZone();
  const current = block.startMs <= now && now < block.endMs;
  const own = row.kind === 'person' || row.kind === 'gaps';
  const duty = own ? block.schedule : `${labelOf(row)}${second(row, block)}`;
  return (
    <li>
      <button
        type="button"
        className={css.shift}
        data-gap={block.gap ? true : undefined}
        onClick={() => onPick(block)}
      >
        {block.gap ? (
          <span className={css.hole} aria-hidden="true" />
        ) : (
          row.kind !== 'person' && <PersonAvatar id={block.personId} name={block.name} size={28} />
        )}
        <span className="grow">
          <span className="mid" style={{ display: 'block' }}>
            {block.gap ? 'Nobody' : own ? day(block.startMs, zone) : block.name}{' '}
            {block.changed && <IconArrowsExchange size={13} stroke={1.75} aria-label="override" />}
          </span>
          <span className="soft small">
            {timesOf(block, zone)}
            {current && <span className="ok"> · now</span>}
          </span>
        </span>
        <span className={css.duty}>{duty}</span>
      </button>
    </li>
  );
}

function entriesOf(rows: readonly Row[], fromMs: number, toMs: number): Entry[] {
  return rows
    .filter((row) => !row.standing && row.kind !== 'layer')
    .flatMap((row) => row.lanes.flat().map((block) => ({ row, block })))
    .filter(({ block }) => block.endMs > fromMs && block.startMs < toMs)
    .toSorted((a, b) => a.block.startMs - b.block.startMs);
}

function byDay(entries: readonly Entry[], fromMs: number, zone: string): [string, Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = day(Math.max(entry.block.startMs, fromMs), zone);
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  return [...days];
}

function byPerson(entries: readonly Entry[]): Entry[][] {
  const people = new Map<string, Entry[]>();
  for (const entry of entries) people.set(entry.row.key, [...(people.get(entry.row.key) ?? []), entry]);
  return [...people.values()];
}

/** The week as a list, for a phone: by day or by person; what is over is left out. */
export function ShiftList({ rows, view, fromMs, toMs, onPick }: Props) {
  const now = useMinute();
  const zone = useZone();
  const startMs = Math.max(now, fromMs);
  const entries = entriesOf(rows, startMs, toMs);
  if (entries.length === 0) return <EmptyState title="No shift is left in this week." />;
  const groups =
    view === 'people'
      ? byPerson(entries).map((own) => ({ key: own[0]?.row.key ?? '', own, title: titleOf(own[0]) }))
      : byDay(entries, startMs, zone).map(([name, own]) => ({ key: name, own, title: name }));
  return groups.map(({ key, title, own }) => (
    <Panel key={key} title={title} count={own.length}>
      <ul>
        {own.map((entry) => (
          <Shift key={`${entry.row.key} ${entry.block.key}`} entry={entry} now={now} onPick={onPick} />
        ))}
      </ul>
    </Panel>
  ));
}

function titleOf(entry: Entry | undefined) {
  if (!entry?.row.personId) return entry?.row.label ?? '';
  return <PersonName id={entry.row.personId} name={entry.row.label} you />;
}
