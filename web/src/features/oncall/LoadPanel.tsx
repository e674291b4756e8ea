import { Select } from '@mantine/core';
import { useState } from 'react';
import type { Schedule } from '@/api/types';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/Person';
import { EmptyState } from '@/ui/states';
import { blocksOf } from './calendar';
import css from './Load.module.css';
import { heaviestFirst, type Load, loadsOf, shareCountsMs, shareLimits, toneOf } from './load';

/** The bar reaches its end at half of all hours: the limits then stand where they can be told apart. */
const FULL_SHARE = 0.5;

function Share({ share, judged }: { share: number; judged: boolean }) {
  const at = (value: number) => `${Math.min(1, value / FULL_SHARE) * 100}%`;
  const tone = judged ? toneOf(share) : undefined;
  return (
    <span className={css.share}>
      <span className={css.percent} data-tone={tone}>
        {Math.round(share * 100)} %
      </span>
      <span className={css.track}>
        <span className={css.bar} data-tone={tone} style={{ width: at(share) }} />
        {judged && (
          <>
            <span className={css.limit} data-limit="warn" style={{ left: at(shareLimits.warn) }} />
            <span className={css.limit} data-limit="fail" style={{ left: at(shareLimits.fail) }} />
          </>
        )}
      </span>
    </span>
  );
}

function Amount({ value, most }: { value: number; most: number }) {
  return (
    <span className={css.amount}>
      <span className={css.count}>{value}</span>
      <span className={css.track}>
        <span className={css.bar} style={{ width: `${most > 0 ? (value / most) * 100 : 0}%` }} />
      </span>
    </span>
  );
}

function Line({
  load,
  most,
  judged,
}: {
  load: Load;
  most: { nights: number; weekends: number };
  judged: boolean;
}) {
  return (
    <tr data-person={load.personId} data-person-name={load.name}>
      <th scope="row">
        <PersonName id={load.personId} name={load.name} you />
      </th>
      <td>
        <Share share={load.share} judged={judged} />
      </td>
      <td className={css.hours}>{Math.round(load.hours)} h</td>
      <td>
        <Amount value={load.nights} most={most.nights} />
      </td>
      <td>
        <Amount value={load.weekends} most={most.weekends} />
      </td>
    </tr>
  );
}

function Table({ loads, judged }: { loads: readonly Load[]; judged: boolean }) {
  const most = {
    nights: Math.max(0, ...loads.map((load) => load.nights)),
    weekends: Math.max(0, ...loads.map((load) => load.weekends)),
  };
  return (
    <table className={css.table} aria-label="Load by person">
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Share of hours</th>
          <th scope="col" className={css.hours}>
            Hours
          </th>
          <th scope="col">Nights</th>
          <th scope="col">Weekends</th>
        </tr>
      </thead>
      <tbody>
        {heaviestFirst(loads).map((load) => (
          <Line key={load.personId} load={load} most={most} judged={judged} />
        ))}
      </tbody>
    </table>
  );
}

function Legend() {
  return (
    <span className={css.legend}>
      <span className={css.tick} data-limit="warn" aria-hidden="true" /> warns at 25 %
      <span className={css.tick} data-limit="fail" aria-hidden="true" /> fails at 33 %
    </span>
  );
}

/** Who carries how much of one duty in the span on show. A shift can be dropped on a person here. */
export function LoadPanel({
  schedules,
  fromMs,
  toMs,
}: {
  schedules: readonly Schedule[];
  fromMs: number;
  toMs: number;
}) {
  const zone = useZone();
  const [picked, setPicked] = useState<string | null>(null);
  const schedule = schedules.find((each) => each.id === picked) ?? schedules[0];
  if (!schedule) return null;
  const loads = loadsOf(blocksOf(schedule), fromMs, toMs, zone);
  const judged = toMs - fromMs >= shareCountsMs;
  const right = judged ? <Legend /> : 'Shares are judged over four weeks or more';
  return (
    <Panel title="Load and fairness" count="in this span" right={right}>
      <div className={css.pick}>
        <Select
          aria-label="Duty"
          data={schedules.map(({ id, name }) => ({ value: id, label: name }))}
          value={schedule.id}
          onChange={setPicked}
          allowDeselect={false}
        />
      </div>
      {loads.length === 0 ? (
        <EmptyState title="No shift in this span." />
      ) : (
        <Table loads={loads} judged={judged} />
      )}
    </Panel>
  );
}
