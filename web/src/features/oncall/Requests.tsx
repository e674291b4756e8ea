import { Button } from '@mantine/core';
import { useContext } from 'react';
import { messageOf } from '@/api/client';
import type { Absence, Schedule, Swap } from '@/api/types';
import { count, listOf } from '@/lib/names';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { PersonName, Viewer } from '@/ui/Person';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { useAbsences, useDeclineSwap, useOpenSwaps, useRemoveAbsence, useWithdrawSwap } from './life';
import css from './Oncall.module.css';

interface Props {
  schedules: readonly Schedule[];
  onTake: (swap: Swap) => void;
}

function whoIsAsked(swap: Swap): string {
  if (swap.everybody || swap.asked.length === 0) return 'Everybody on the schedule is asked.';
  return `Asked: ${listOf(swap.asked.map((person) => person.name))}.`;
}

/** What the button to take it says: whoever is not asked chooses for others. */
function takeWords(swap: Swap, viewer: string | null): string {
  const mine = viewer && viewer !== swap.person_id;
  if (swap.in_return) return 'Accept the trade';
  return mine ? 'Take it' : 'Choose who takes it';
}

function Request({ swap, schedules, onTake }: { swap: Swap } & Props) {
  const zone = useZone();
  const viewer = useContext(Viewer);
  const decline = useDeclineSwap();
  const withdraw = useWithdrawSwap();
  const asked = swap.asked.some((person) => person.person_id === viewer);
  const own = swap.person_id === viewer;
  const error = decline.error ?? withdraw.error;
  const nameOf = (id: string | null | undefined) => schedules.find((each) => each.id === id)?.name ?? id;
  return (
    <li className={css.finding}>
      <PersonName id={swap.person_id} name={swap.name} size={18} you />
      {swap.open.map((span) => (
        <p key={span.start_us} className="mid">
          {range(span.start_us / 1000, span.end_us / 1000, zone)}
        </p>
      ))}
      <p className="soft small">
        {nameOf(swap.schedule_id)}
        {swap.reason && `: ${swap.reason}`}
      </p>
      {swap.in_return && (
        <p className="small">
          <span className="soft">In return for </span>
          {range(swap.in_return.start_us / 1000, swap.in_return.end_us / 1000, zone)}
          <span className="soft"> {nameOf(swap.in_return.schedule_id)}</span>
        </p>
      )}
      <p className="faint small">
        {whoIsAsked(swap)}
        {swap.declined.length > 0 && ` Declined: ${listOf(swap.declined.map((person) => person.name))}.`}
      </p>
      {error && <p className="bad small">{messageOf(error)}</p>}
      <div className={css.answers}>
        <Button size="sm" variant="filled" onClick={() => onTake(swap)}>
          {takeWords(swap, viewer)}
        </Button>
        {asked && (
          <Button size="sm" loading={decline.isPending} onClick={() => decline.mutate(swap.id)}>
            Decline
          </Button>
        )}
        {(own || !viewer) && (
          <Button size="sm" loading={withdraw.isPending} onClick={() => withdraw.mutate(swap.id)}>
            Withdraw
          </Button>
        )}
      </div>
    </li>
  );
}

/** Who asks to be stood in for: the open requests of everybody, to take, to decline, to withdraw. */
export function Requests(props: Props) {
  const swaps = useOpenSwaps();
  const items = swaps.data?.items ?? [];
  return (
    <Panel title="Open requests" count={swaps.data && items.length} tone="plain">
      {swaps.isError && (
        <ErrorState
          title="The requests could not be read."
          detail={messageOf(swaps.error)}
          retry={() => swaps.refetch()}
        />
      )}
      {swaps.isPending && <LoadingRows rows={2} />}
      {swaps.data && items.length === 0 && (
        <EmptyState title="Nobody asks for cover.">Choose a shift to ask for it.</EmptyState>
      )}
      <ul>
        {items.map((swap) => (
          <Request key={swap.id} swap={swap} {...props} />
        ))}
      </ul>
    </Panel>
  );
}

function AwayLine({ absence }: { absence: Absence }) {
  const zone = useZone();
  const remove = useRemoveAbsence();
  const open = absence.covers.filter((cover) => cover.state === 'open').length;
  return (
    <li className={css.finding}>
      <div className="row">
        <PersonName id={absence.person_id} name={absence.name} size={18} you />
        <Button
          size="sm"
          ml="auto"
          loading={remove.isPending}
          onClick={() => remove.mutate(absence.id)}
          aria-label={`Remove: ${absence.name} away`}
        >
          Remove
        </Button>
      </div>
      <p className="mid">{range(absence.start_us / 1000, absence.end_us / 1000, zone)}</p>
      <p className="soft small">
        {absence.reason}
        {absence.covers.length > 0 && ` ${count(absence.covers.length, 'shift')} affected`}
        {open > 0 && <span className="bad">, {open} without cover</span>}
      </p>
      {remove.error && <p className="bad small">{messageOf(remove.error)}</p>}
    </li>
  );
}

/** Who is away or will be, and which of their shifts still need somebody. */
export function Away({ onAway }: { onAway: () => void }) {
  const absences = useAbsences();
  const items = absences.data?.items ?? [];
  return (
    <Panel
      title="Away"
      count={absences.data && items.length}
      right={
        <Button size="sm" onClick={onAway}>
          Add
        </Button>
      }
    >
      {absences.isError && (
        <ErrorState
          title="The absences could not be read."
          detail={messageOf(absences.error)}
          retry={() => absences.refetch()}
        />
      )}
      {absences.data && items.length === 0 && <EmptyState title="Nobody is away, now or later." />}
      <ul>
        {items.map((absence) => (
          <AwayLine key={absence.id} absence={absence} />
        ))}
      </ul>
    </Panel>
  );
}
