import { ActionIcon, Button, Popover, SegmentedControl, Switch } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconArrowsExchange,
  IconChevronLeft,
  IconChevronRight,
  IconPlus,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { day, isoDay } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Kbd } from '@/ui/Kbd';
import { type View, views } from './rows';
import { type Span, spans } from './span';
import css from './Tools.module.css';

const viewNames: Record<View, string> = { levels: 'Levels', schedules: 'Schedules', people: 'People' };
const spanNames: Record<Span, string> = {
  day: 'Day',
  week: 'Week',
  fortnight: '2 weeks',
  month: '4 weeks',
  quarter: '13 weeks',
};

/** Grids on which a drag settles, in minutes. */
export const snaps = [15, 30, 60] as const;

/** How the calendar looks and behaves, chosen by the viewer. */
export interface Look {
  view: View;
  span: Span;
  layers: boolean;
  snapMinutes: number;
  /** The zone that was chosen for the calendar; null shows the viewer's own. */
  zone: string | null;
}

interface ToolsProps {
  look: Look;
  /** Zones that a schedule or the viewer reads times in. */
  zones: readonly string[];
  fromMs: number;
  toMs: number;
  phone: boolean;
  onLook: (part: Partial<Look>) => void;
  onMove: (steps: number) => void;
  onToday: () => void;
  onOverride: () => void;
  /** More actions, before the options. */
  extra?: ReactNode;
}

function titleOf(fromMs: number, toMs: number, zone: string): string {
  const [first, last] = [day(fromMs, zone), day(toMs - 1, zone)];
  const year = isoDay(toMs - 1, zone).slice(0, 4);
  return first === last ? `${first} ${year}` : `${first.slice(4)} to ${last.slice(4)} ${year}`;
}

function Options({ look, zones, onLook }: Pick<ToolsProps, 'look' | 'zones' | 'onLook'>) {
  const own = useZone();
  return (
    <Popover position="bottom-end" width={280} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button leftSection={<IconAdjustmentsHorizontal size={14} stroke={1.75} />}>Options</Button>
      </Popover.Target>
      <Popover.Dropdown className={css.options}>
        <div>
          <p className={css.optionName}>A drag settles on</p>
          <SegmentedControl
            fullWidth
            aria-label="A drag settles on"
            data={snaps.map((minutes) => ({ value: String(minutes), label: `${minutes} min` }))}
            value={String(look.snapMinutes)}
            onChange={(value) => onLook({ snapMinutes: Number(value) })}
          />
        </div>
        <div>
          <p className={css.optionName}>Times are read in</p>
          <SegmentedControl
            fullWidth
            orientation="vertical"
            aria-label="Times are read in"
            data={zones.map((zone, at) => ({ value: zone, label: at === 0 ? `${zone}, yours` : zone }))}
            value={look.zone ?? zones[0] ?? own}
            onChange={(zone) => onLook({ zone: zone === zones[0] ? null : zone })}
          />
        </div>
        <Switch
          label="Show the layers of each schedule"
          checked={look.layers}
          onChange={(event) => {
            const layers = event.currentTarget.checked;
            onLook(layers ? { layers, view: 'schedules' } : { layers });
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Moves({ onMove, onToday }: Pick<ToolsProps, 'onMove' | 'onToday'>) {
  return (
    <>
      <Button onClick={onToday}>Today</Button>
      <ActionIcon variant="default" size={28} aria-label="Earlier" onClick={() => onMove(-1)}>
        <IconChevronLeft size={15} stroke={1.75} />
      </ActionIcon>
      <ActionIcon variant="default" size={28} aria-label="Later" onClick={() => onMove(1)}>
        <IconChevronRight size={15} stroke={1.75} />
      </ActionIcon>
    </>
  );
}

function Legend() {
  return (
    <span className={css.legend}>
      <IconArrowsExchange size={13} stroke={1.75} aria-hidden="true" /> override
      <span className={css.hatch} aria-hidden="true" /> reaches nobody
      <span className={css.shadow} aria-hidden="true" /> shadow
      <span className={css.change} aria-hidden="true" /> clocks change
    </span>
  );
}

/** Which stretch, by what, in which zone, and the one action that the page is for. */
export function CalendarTools(props: ToolsProps) {
  const { look, fromMs, toMs, phone, onLook, onOverride, extra } = props;
  const zone = useZone();
  return (
    <div className={css.tools}>
      <div className={css.line}>
        <Moves {...props} />
        <h2 className={css.span}>{titleOf(fromMs, toMs, zone)}</h2>
        <span className={css.zone}>{zone}</span>
        <span className={css.right}>
          {extra}
          {!phone && <Options {...props} />}
          <Button
            variant="filled"
            leftSection={<IconPlus size={14} stroke={2} />}
            rightSection={<Kbd>o</Kbd>}
            onClick={onOverride}
          >
            Override
          </Button>
        </span>
      </div>
      <div className={css.line}>
        <SegmentedControl
          aria-label="Calendar by"
          className={css.segment}
          data={views.map((value) => ({ value, label: viewNames[value] }))}
          value={look.view}
          onChange={(view) => onLook({ view: view as View })}
        />
        {!phone && (
          <SegmentedControl
            aria-label="Length"
            className={css.segment}
            data={spans.map((value) => ({ value, label: spanNames[value] }))}
            value={look.span}
            onChange={(span) => onLook({ span: span as Span })}
          />
        )}
        <Legend />
      </div>
    </div>
  );
}
