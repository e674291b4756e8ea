import { IconArrowsExchange } from '@tabler/icons-react';
import { messageOf } from '@/api/client';
import { useOncall } from '@/features/oncall/api';
import { useMinute } from '@/lib/serverClock';
import { clock, day, isoDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Flag } from '@/ui/Flag';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import css from './Me.module.css';
import { type OwnShift, ownShifts } from './shifts';

const DAY_MS = 86_400_000;
/** What is shown: a phone's screen of it. */
const MOST = 12;
const DAYS = 56;

function Shift({ shift, nowMs }: { shift: OwnShift; nowMs: number }) {
  const zone = useZone();
  const sameDay = isoDay(shift.startMs, zone) === isoDay(shift.endMs - 1, zone);
  const end = sameDay ? '' : `${day(shift.endMs, zone)} `;
  return (
    <li className={css.row}>
      <div className="grow">
        <p className="mid">
          {day(shift.startMs, zone)} {clock(shift.startMs, zone)} to {end}
          {clock(shift.endMs, zone)}
        </p>
        <p className="soft small">
          {shift.schedule}
          {shift.source && ` · ${shift.source}`}
        </p>
      </div>
      {shift.overridden && (
        <Flag tone="info" icon={<IconArrowsExchange size={13} stroke={1.75} />}>
          override
        </Flag>
      )}
      {shift.startMs <= nowMs && <Flag tone="ok">now</Flag>}
    </li>
  );
}

/** The next shifts of a person over every schedule. */
export function NextShifts({ person }: { person: string }) {
  const nowMs = useMinute();
  const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const oncall = useOncall(fromMs, fromMs + DAYS * DAY_MS);
  const shifts = oncall.data ? ownShifts(oncall.data, person, nowMs) : [];
  const more = shifts.length - MOST;
  return (
    <Panel title="My next shifts" count={oncall.data ? shifts.length : undefined}>
      {oncall.isPending && <LoadingRows rows={6} height={52} />}
      {oncall.isError && (
        <ErrorState
          title="The shifts could not be read."
          detail={messageOf(oncall.error)}
          retry={() => oncall.refetch()}
        />
      )}
      {oncall.data && shifts.length === 0 && (
        <EmptyState title="No shift in the next eight weeks.">Nobody will page you by a schedule.</EmptyState>
      )}
      <ul>
        {shifts.slice(0, MOST).map((shift) => (
          <Shift key={shift.key} shift={shift} nowMs={nowMs} />
        ))}
      </ul>
      {more > 0 && <p className={css.foot}>and {more} more in the next eight weeks</p>}
    </Panel>
  );
}
