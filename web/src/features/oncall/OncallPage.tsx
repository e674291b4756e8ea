import { ActionIcon, Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowsExchange, IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import { useBoard } from '@/features/board/api';
import { useKeys } from '@/lib/keys';
import { useMinute } from '@/lib/serverClock';
import { day, isoDay, startOfDay, startOfWeek } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { usePageTitle } from '@/shell/title';
import { Kbd } from '@/ui/Kbd';
import { ErrorState, LoadingRows } from '@/ui/states';
import { useCoverage, useOncall } from './api';
import { Calendar } from './Calendar';
import { rowsOf } from './calendar';
import { Findings } from './Findings';
import { Levels } from './Levels';
import css from './Oncall.module.css';
import { OverrideForm } from './OverrideForm';
import { Overrides } from './Overrides';
import type { OverrideDraft } from './override';
import { ShiftList } from './ShiftList';

/** Four weeks on a desk, six on a wide one, one on a phone. */
function useWeeks(): { weeks: number; phone: boolean } {
  const phone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false }) ?? false;
  const wide = useMediaQuery('(min-width: 1800px)', false, { getInitialValueInEffect: false }) ?? false;
  return { weeks: phone ? 1 : wide ? 6 : 4, phone };
}

function title(fromMs: number, toMs: number, zone: string): string {
  return `${day(fromMs, zone).slice(4)} to ${day(toMs - 1, zone).slice(4)} ${isoDay(toMs - 1, zone).slice(0, 4)}`;
}

function Legend() {
  return (
    <span className={css.legend}>
      <IconArrowsExchange size={13} stroke={1.75} aria-hidden="true" /> override
      <span className={css.hatch} aria-hidden="true" /> reaches nobody
    </span>
  );
}

interface ToolsProps {
  text: string;
  zone: string;
  onMove: (weeks: number) => void;
  onToday: () => void;
  onOverride: () => void;
}

function Tools({ text, zone, onMove, onToday, onOverride }: ToolsProps) {
  return (
    <div className={css.tools}>
      <Button onClick={onToday}>Today</Button>
      <ActionIcon variant="default" size={28} aria-label="Earlier" onClick={() => onMove(-1)}>
        <IconChevronLeft size={15} stroke={1.75} />
      </ActionIcon>
      <ActionIcon variant="default" size={28} aria-label="Later" onClick={() => onMove(1)}>
        <IconChevronRight size={15} stroke={1.75} />
      </ActionIcon>
      <h2 className={css.span}>{text}</h2>
      <span className="faint">{zone}</span>
      <Legend />
      <Button
        variant="filled"
        leftSection={<IconPlus size={14} stroke={2} />}
        rightSection={<Kbd>o</Kbd>}
        onClick={onOverride}
      >
        Override
      </Button>
    </div>
  );
}

/** Opens the form at once when the address asks for cover of a gap. */
function draftFromSearch(search: { cover?: number; until?: number }): OverrideDraft | null {
  if (search.cover === undefined || search.until === undefined) return null;
  return { kind: 'add', startMs: search.cover, endMs: search.until };
}

function useView() {
  const search = useSearch({ from: '/shell/oncall' });
  const zone = useZone();
  const today = startOfDay(useMinute(), zone);
  const { weeks, phone } = useWeeks();
  const [moved, setMoved] = useState(0);
  const start = startOfWeek(search.at ?? today, zone);
  const fromMs = startOfDay(start, zone, moved * 7);
  const toMs = startOfDay(fromMs, zone, weeks * 7);
  return {
    search,
    zone,
    weeks,
    phone,
    fromMs,
    toMs,
    move: (step: number) => setMoved((old) => old + step),
    reset: () => setMoved(0),
  };
}

/** Who is on call when, where nobody would be reached, and how to change it. */
export function OncallPage() {
  usePageTitle('On-call');
  const navigate = useNavigate();
  const view = useView();
  const { search, zone, fromMs, toMs } = view;
  const [draft, setDraft] = useState<OverrideDraft | null>(() => draftFromSearch(search));
  const oncall = useOncall(fromMs, toMs);
  const coverage = useCoverage();
  const board = useBoard();
  const levels = board.data?.levels ?? [];
  const schedules = oncall.data?.schedules ?? [];
  const today = () => {
    view.reset();
    if (search.at !== undefined) void navigate({ to: '/oncall', search: {} });
  };
  useKeys([
    {
      keys: 'o',
      label: 'Add an override',
      group: 'On-call',
      command: true,
      run: () => setDraft({ kind: 'replace' }),
    },
  ]);
  const rows = oncall.data ? rowsOf(oncall.data, levels, coverage.data?.findings ?? [], fromMs, toMs) : [];
  return (
    <div className={css.page}>
      <Tools
        text={title(fromMs, toMs, zone)}
        zone={zone}
        onMove={view.move}
        onToday={today}
        onOverride={() => setDraft({ kind: 'replace' })}
      />
      <div className={css.columns}>
        <div className="stack">
          {oncall.isError && (
            <ErrorState
              title="The calendar could not be read."
              detail={messageOf(oncall.error)}
              retry={() => oncall.refetch()}
            />
          )}
          {oncall.isPending && <LoadingRows rows={10} />}
          {oncall.data &&
            (view.phone ? (
              <ShiftList rows={rows} fromMs={fromMs} toMs={toMs} onPick={setDraft} />
            ) : (
              <Calendar rows={rows} fromMs={fromMs} weeks={view.weeks} onPick={setDraft} />
            ))}
          <Overrides overrides={oncall.data?.overrides ?? []} schedules={schedules} />
        </div>
        <div className="stack">
          <Findings coverage={coverage} schedules={schedules} onCover={setDraft} />
          <Levels levels={levels} oncall={oncall.data} />
        </div>
      </div>
      {draft && oncall.data && (
        <OverrideForm draft={draft} schedules={schedules} onClose={() => setDraft(null)} />
      )}
    </div>
  );
}
