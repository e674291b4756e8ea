import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Finding, Schedule } from '@/api/types';
import { useBoard } from '@/features/board/api';
import { useOrganisation } from '@/features/organisation/api';
import { useKeys } from '@/lib/keys';
import { serverNow } from '@/lib/serverClock';
import { useViewerZone, ZoneHere } from '@/lib/zone';
import { usePageTitle } from '@/shell/title';
import { ErrorState, LoadingRows } from '@/ui/states';
import { RowActions } from './actions';
import { useCoverage, useOncall } from './api';
import { Calendar } from './Calendar';
import { CalendarTools, type Look } from './CalendarTools';
import type { Block, Row } from './calendar';
import { Findings, FindingWords } from './Findings';
import { Levels } from './Levels';
import { LoadPanel } from './LoadPanel';
import { mendOf } from './mend';
import css from './Oncall.module.css';
import { OverrideForm } from './OverrideForm';
import { Overrides } from './Overrides';
import { draftOf, fromNow, type OverrideDraft } from './override';
import { isGap, rowsOf } from './rows';
import { type Chosen, ShiftCard } from './ShiftCard';
import { ShiftList } from './ShiftList';
import { useCalendarView } from './useCalendarView';

/** The change that is being made, and the finding that it mends. */
interface Change {
  draft: OverrideDraft;
  finding?: Finding;
}

/** Opens the form at once when the address asks for cover of a gap. */
function draftFromSearch(search: { cover?: number; until?: number }): Change | null {
  if (search.cover === undefined || search.until === undefined) return null;
  return { draft: { kind: 'add', startMs: search.cover, endMs: search.until } };
}

function useZones(schedules: readonly Schedule[]): string[] {
  const viewers = useViewerZone();
  return [...new Set([viewers, ...schedules.map((schedule) => schedule.zone), 'UTC'])];
}

function OncallView() {
  const view = useCalendarView();
  const { search, fromMs, toMs, phone } = view;
  const [change, setChange] = useState<Change | null>(() => draftFromSearch(search));
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [snapMinutes, setSnap] = useLocalStorage({ key: 'decurion-snap', defaultValue: 60 });
  const oncall = useOncall(fromMs, toMs, view.layers);
  const coverage = useCoverage();
  const board = useBoard();
  const people = useOrganisation().data?.people ?? [];
  const schedules = oncall.data?.schedules ?? [];
  const findings = coverage.data?.findings ?? [];
  const zones = useZones(schedules);
  const levels = board.data?.levels ?? [];
  const start = (draft: OverrideDraft, finding?: Finding) => {
    setChosen(null);
    setChange({ draft, finding });
  };
  const mend = (draft: OverrideDraft, finding: Finding) => {
    if (draft.startMs !== undefined && (draft.startMs < fromMs || draft.startMs >= toMs)) {
      view.set({ at: draft.startMs });
    }
    start(draft, finding);
  };
  const open = (block: Block, at: HTMLElement | null) => {
    if (!block.gap) return setChosen({ block, at });
    const finding = findings.find((each) => isGap(each) && each.start_us === block.startMs * 1000);
    const mended = finding && mendOf(finding, schedules);
    start(mended ?? draftOf(block), finding);
  };
  const onRow = (row: Row) =>
    start({ kind: row.personId ? 'fixed' : 'replace', scheduleId: row.scheduleIds[0], byId: row.personId });
  useKeys([
    {
      keys: 'o',
      label: 'Add an override',
      group: 'On-call',
      command: true,
      run: () => start({ kind: 'replace' }),
    },
  ]);
  const rows = oncall.data
    ? rowsOf(
        view.view,
        { oncall: oncall.data, boardLevels: levels, findings, people, fromMs, toMs },
        view.layers,
      )
    : [];
  const look: Look = {
    view: view.view,
    span: view.span,
    layers: view.layers,
    snapMinutes,
    zone: search.zone ?? null,
  };
  const onLook = (part: Partial<Look>) => {
    const { snapMinutes: snap, zone, layers, ...rest } = part;
    if (snap) setSnap(snap);
    view.set({
      ...rest,
      ...(zone === undefined ? {} : { zone: zone ?? undefined }),
      ...(layers === undefined ? {} : { layers: layers || undefined }),
    });
  };
  return (
    <div className={css.page}>
      <CalendarTools
        look={look}
        zones={zones}
        fromMs={fromMs}
        toMs={toMs}
        phone={phone}
        onLook={onLook}
        onMove={view.move}
        onToday={view.today}
        onOverride={() => start({ kind: 'replace' })}
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
          {oncall.data && phone && (
            <ShiftList
              rows={rows}
              view={view.view}
              fromMs={fromMs}
              toMs={toMs}
              onPick={(block) => open(block, null)}
            />
          )}
          {oncall.data && !phone && (
            <RowActions value={onRow}>
              <Calendar
                rows={rows}
                strips={view.strips}
                holidays={[]}
                snapMinutes={view.span === 'day' ? Math.min(snapMinutes, 30) : snapMinutes}
                loads={view.view === 'people'}
                off={null}
                onOpen={open}
                onDraft={start}
              />
            </RowActions>
          )}
          {oncall.data && <LoadPanel schedules={schedules} fromMs={fromMs} toMs={toMs} />}
          <Overrides overrides={oncall.data?.overrides ?? []} schedules={schedules} />
        </div>
        <div className="stack">
          <Findings coverage={coverage} schedules={schedules} onCover={mend} />
          <Levels levels={levels} oncall={oncall.data} />
        </div>
      </div>
      {chosen && (
        <ShiftCard
          chosen={chosen}
          actions={[
            {
              label: 'Replace',
              tone: 'filled',
              run: () => start(fromNow(draftOf(chosen.block), serverNow())),
            },
          ]}
          onClose={() => setChosen(null)}
        />
      )}
      {change && oncall.data && (
        <OverrideForm
          draft={change.draft}
          schedules={schedules}
          fromMs={fromMs}
          toMs={toMs}
          onClose={() => setChange(null)}
          lead={
            change.finding && (
              <div className={css.lead}>
                <FindingWords finding={change.finding} />
              </div>
            )
          }
        />
      )}
    </div>
  );
}

/** Who is on call when, where nobody would be reached, and how to change it. */
export function OncallPage() {
  usePageTitle('On-call');
  const { search } = useCalendarView();
  return (
    <ZoneHere value={search.zone ?? null}>
      <OncallView />
    </ZoneHere>
  );
}
