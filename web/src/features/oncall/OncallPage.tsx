import { useLocalStorage } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Finding, Schedule } from '@/api/types';
import { useBoard } from '@/features/board/api';
import { useOrganisation } from '@/features/organisation/api';
import { useKeys } from '@/lib/keys';
import { useViewerZone, ZoneHere } from '@/lib/zone';
import { usePageTitle } from '@/shell/title';
import { ErrorState, LoadingRows } from '@/ui/states';
import { RowActions } from './actions';
import { useCoverage, useLevelPlans, useOncall } from './api';
import { Calendar } from './Calendar';
import { CalendarTools, type Look } from './CalendarTools';
import type { Block, Row } from './calendar';
import { type Dialog, Dialogs } from './Dialogs';
import { Findings } from './Findings';
import { Handoffs } from './Handoffs';
import { Levels } from './Levels';
import { LoadPanel } from './LoadPanel';
import { useOpenSwaps } from './life';
import { mendOf } from './mend';
import css from './Oncall.module.css';
import { Overrides } from './Overrides';
import { draftOf, type OverrideDraft } from './override';
import { Away, Requests } from './Requests';
import { RowMenu } from './RowMenu';
import { isGap, markSwaps, rowsOf } from './rows';
import { type Chosen, ShiftCard } from './ShiftCard';
import { ShiftList } from './ShiftList';
import { holidaysOf } from './StripHead';
import { actionsFor } from './shiftActions';
import { useCalendarView } from './useCalendarView';

type View = ReturnType<typeof useCalendarView>;

/** Opens the form at once when the address asks for cover of a gap. */
function dialogFromSearch({ cover, until }: View['search']): Dialog | null {
  if (cover === undefined || until === undefined) return null;
  return { kind: 'override', draft: { kind: 'add', startMs: cover, endMs: until } };
}

function useZones(schedules: readonly Schedule[]): string[] {
  const viewers = useViewerZone();
  return [...new Set([viewers, ...schedules.map((schedule) => schedule.zone), 'UTC'])];
}

/** Everything that the calendar is drawn from. */
function useSource({ view, fromMs, toMs, layers }: View) {
  const oncall = useOncall(fromMs, toMs, layers);
  const coverage = useCoverage();
  const boardLevels = useBoard().data?.levels ?? [];
  const people = useOrganisation().data?.people ?? [];
  const plans = useLevelPlans(fromMs, toMs).data?.items ?? [];
  const swaps = useOpenSwaps().data?.items ?? [];
  const findings = coverage.data?.findings ?? [];
  const source = oncall.data && { oncall: oncall.data, plans, findings, people };
  const rows = source ? markSwaps(rowsOf(view, source, layers), swaps) : [];
  return { oncall, coverage, boardLevels, findings, rows, schedules: oncall.data?.schedules ?? [] };
}

function useLook(view: View): [Look, (part: Partial<Look>) => void] {
  const [snapMinutes, setSnap] = useLocalStorage({ key: 'decurion-snap', defaultValue: 60 });
  const { view: by, span, layers, search, set } = view;
  const look = { view: by, span, layers, snapMinutes, zone: search.zone ?? null };
  const change = ({ snapMinutes: snap, zone, layers: shown, ...rest }: Partial<Look>) => {
    if (snap) setSnap(snap);
    set({
      ...rest,
      ...(zone === undefined ? {} : { zone: zone ?? undefined }),
      ...(shown === undefined ? {} : { layers: shown || undefined }),
    });
  };
  return [look, change];
}

function OncallView() {
  const view = useCalendarView();
  const navigate = useNavigate();
  const { search, fromMs, toMs, phone } = view;
  const { oncall, coverage, boardLevels, findings, rows, schedules } = useSource(view);
  const [look, onLook] = useLook(view);
  const [dialog, setDialog] = useState<Dialog | null>(() => dialogFromSearch(search));
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [menu, setMenu] = useState<{ row: Row; at: HTMLElement } | null>(null);
  const zones = useZones(schedules);
  const start = (next: Dialog) => {
    setChosen(null);
    setMenu(null);
    setDialog(next);
  };
  const override = (draft: OverrideDraft, finding?: Finding) => start({ kind: 'override', draft, finding });
  const mend = (draft: OverrideDraft, finding: Finding) => {
    const { startMs = fromMs } = draft;
    if (startMs < fromMs || startMs >= toMs) view.set({ at: startMs });
    override(draft, finding);
  };
  const open = (block: Block, at: HTMLElement | null) => {
    if (!block.gap) return setChosen({ block, at });
    const finding = findings.find((each) => isGap(each) && each.start_us === block.startMs * 1000);
    override((finding && mendOf(finding, schedules)) ?? draftOf(block), finding);
  };
  const roster = (id: string) => navigate({ to: '/oncall/schedules/$id', params: { id } });
  const blank = () => override({ kind: 'replace' });
  useKeys([{ keys: 'o', label: 'Add an override', group: 'On-call', command: true, run: blank }]);
  const accept = (finding: Finding) => start({ kind: 'accept', finding });
  const found = <Findings coverage={coverage} schedules={schedules} onCover={mend} onAccept={accept} />;
  const foundFirst = phone && findings.some((finding) => !finding.accepted);
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
        onOverride={blank}
      />
      <div className={css.columns}>
        <div className="stack">
          {foundFirst && found}
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
            <RowActions value={(row, at) => setMenu({ row, at })}>
              <Calendar
                rows={rows}
                strips={view.strips}
                holidays={holidaysOf(oncall.data)}
                snapMinutes={view.span === 'day' ? Math.min(look.snapMinutes, 30) : look.snapMinutes}
                loads={view.view === 'people'}
                off={null}
                onOpen={open}
                onDraft={override}
              />
            </RowActions>
          )}
          {oncall.data && <LoadPanel schedules={schedules} fromMs={fromMs} toMs={toMs} />}
          <Overrides overrides={oncall.data?.overrides ?? []} schedules={schedules} />
        </div>
        <div className="stack">
          {!foundFirst && found}
          <Requests schedules={schedules} onTake={(swap) => start({ kind: 'take', swap })} />
          <Handoffs
            onOpen={(note) => start({ kind: 'note', note })}
            onWrite={() => start({ kind: 'write', scheduleId: null })}
          />
          <Away onAway={() => start({ kind: 'away', personId: null, sick: false })} />
          <Levels levels={boardLevels} oncall={oncall.data} />
        </div>
      </div>
      {chosen && (
        <ShiftCard
          chosen={chosen}
          actions={actionsFor(chosen.block, start, roster)}
          onClose={() => setChosen(null)}
        />
      )}
      {menu && <RowMenu {...menu} schedules={schedules} onOpen={start} onClose={() => setMenu(null)} />}
      {dialog && oncall.data && (
        <Dialogs
          dialog={dialog}
          schedules={schedules}
          fromMs={fromMs}
          toMs={toMs}
          onClose={() => setDialog(null)}
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
