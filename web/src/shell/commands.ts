import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useOpenIncidents } from '@/features/incident/queries';
import { useSignOut } from '@/features/session/api';
import { useAllKeys } from '@/lib/keys';
import { setZone } from '@/lib/zone';
import type { Command } from './Palette';
import { rooms } from './rooms';

/** What the palette offers everywhere: rooms, open incidents, this page's actions, the viewer's own settings. */
export function useCommands(showKeys: () => void): Command[] {
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const keys = useAllKeys();
  const incidents = useOpenIncidents().data?.items ?? [];
  const actions = keys
    .filter((key) => key.command && !key.off)
    .map(
      (key): Command => ({
        id: `key ${key.keys}`,
        label: key.label,
        group: key.group,
        keys: key.keys,
        run: key.run,
      }),
    );
  const places = rooms.map(
    (room): Command => ({
      id: room.path,
      label: room.name,
      group: 'Go to',
      keys: `g ${room.key}`,
      run: () => navigate({ to: room.path }),
    }),
  );
  const open = incidents.map(
    (incident): Command => ({
      id: incident.id,
      label: `${incident.reference} ${incident.title}`,
      group: 'Incident',
      hint: incident.severity.toUpperCase(),
      run: () => navigate({ to: '/incidents/$ref', params: { ref: incident.reference } }),
    }),
  );
  const own: Command[] = [
    { id: 'me', label: 'My on-call', group: 'Go to', run: () => navigate({ to: '/me' }) },
    { id: 'scheme', label: 'Switch light and dark', group: 'View', run: toggleColorScheme },
    { id: 'zone utc', label: 'Show times in UTC', group: 'View', run: () => setZone('UTC') },
    { id: 'zone own', label: "Show times in this device's zone", group: 'View', run: () => setZone(null) },
    { id: 'keys', label: 'List the keys', group: 'Help', keys: '?', run: showKeys },
    { id: 'out', label: 'Sign out', group: 'Session', run: () => signOut.mutate() },
  ];
  return [...actions, ...open, ...places, ...own];
}
