import {
  type Icon,
  IconAlertTriangle,
  IconBell,
  IconCalendar,
  IconChartBar,
  IconFileText,
  IconInbox,
  IconLayoutDashboard,
  IconLink,
  IconPlug,
  IconRoute,
  IconVolumeOff,
} from '@tabler/icons-react';

export interface Room {
  path:
    | '/'
    | '/alerts'
    | '/quiet'
    | '/incidents'
    | '/oncall'
    | '/whatif'
    | '/load'
    | '/policy'
    | '/integrations'
    | '/mailbox'
    | '/journal';
  name: string;
  group: 'Watch' | 'Settings';
  icon: Icon;
  /** The second key after `g`. */
  key: string;
}

/** The rooms of the console. One is listed when it works, never before. */
export const rooms: readonly Room[] = [
  { path: '/', name: 'Board', group: 'Watch', icon: IconLayoutDashboard, key: 'b' },
  { path: '/alerts', name: 'Alerts', group: 'Watch', icon: IconBell, key: 'a' },
  { path: '/incidents', name: 'Incidents', group: 'Watch', icon: IconAlertTriangle, key: 'i' },
  { path: '/quiet', name: 'Quiet', group: 'Watch', icon: IconVolumeOff, key: 'q' },
  { path: '/oncall', name: 'On-call', group: 'Watch', icon: IconCalendar, key: 'o' },
  { path: '/whatif', name: 'What if', group: 'Watch', icon: IconRoute, key: 'w' },
  { path: '/load', name: 'Load', group: 'Watch', icon: IconChartBar, key: 'l' },
  { path: '/policy', name: 'Policy as code', group: 'Settings', icon: IconFileText, key: 'p' },
  { path: '/integrations', name: 'Integrations', group: 'Settings', icon: IconPlug, key: 'n' },
  { path: '/mailbox', name: 'Mailbox', group: 'Settings', icon: IconInbox, key: 'm' },
  { path: '/journal', name: 'Journal', group: 'Settings', icon: IconLink, key: 'j' },
];

/** The room that a path belongs to. */
export function roomOf(path: string): Room | undefined {
  return rooms.find((room) =>
    room.path === '/' ? path === '/' : path === room.path || path.startsWith(`${room.path}/`),
  );
}
