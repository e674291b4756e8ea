import { Menu } from '@mantine/core';
import { IconBandage, IconBeach, IconListDetails, IconNotes, IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schedule } from '@/api/types';
import type { Row } from './calendar';
import type { Dialog } from './Dialogs';

interface Props {
  row: Row;
  at: HTMLElement;
  schedules: readonly Schedule[];
  onOpen: (dialog: Dialog) => void;
  onClose: () => void;
}

function PersonItems({ row, onOpen }: Pick<Props, 'row' | 'onOpen'>) {
  const personId = row.personId ?? null;
  return (
    <>
      <Menu.Item
        leftSection={<IconBandage size={16} stroke={1.75} />}
        onClick={() => onOpen({ kind: 'away', personId, sick: true })}
      >
        Sick: hand the shifts over
      </Menu.Item>
      <Menu.Item
        leftSection={<IconBeach size={16} stroke={1.75} />}
        onClick={() => onOpen({ kind: 'away', personId, sick: false })}
      >
        Away for a while
      </Menu.Item>
    </>
  );
}

function ScheduleItems({ row, schedules, onOpen }: Pick<Props, 'row' | 'schedules' | 'onOpen'>) {
  const navigate = useNavigate();
  const own = schedules.filter((schedule) => row.scheduleIds.includes(schedule.id));
  return (
    <>
      {own.map(({ id, name }) => (
        <Menu.Item
          key={id}
          leftSection={<IconListDetails size={16} stroke={1.75} />}
          onClick={() => navigate({ to: '/oncall/schedules/$id', params: { id } })}
        >
          Change the roster of {name}
        </Menu.Item>
      ))}
      <Menu.Item
        leftSection={<IconNotes size={16} stroke={1.75} />}
        onClick={() => onOpen({ kind: 'write', scheduleId: row.scheduleIds[0] ?? null })}
      >
        Write a handoff note
      </Menu.Item>
    </>
  );
}

/** What can be done with a whole line of the calendar. */
export function RowMenu(props: Props) {
  const { row, at, onOpen, onClose } = props;
  const [box] = useState(() => at.getBoundingClientRect());
  const { left, top, width, height } = box;
  const draft = {
    kind: row.personId ? 'fixed' : 'replace',
    scheduleId: row.scheduleIds[0],
    byId: row.personId,
  } as const;
  return (
    <Menu opened onChange={(opened) => !opened && onClose()} position="bottom-start" width={300}>
      <Menu.Target>
        <span style={{ position: 'fixed', left, top, width, height, pointerEvents: 'none' }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={row.label}>
        <Menu.Label>{row.label}</Menu.Label>
        {row.personId ? <PersonItems {...props} /> : <ScheduleItems {...props} />}
        <Menu.Item
          leftSection={<IconPlus size={16} stroke={1.75} />}
          onClick={() => onOpen({ kind: 'override', draft })}
        >
          Add an override
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
