import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconCalendarUser, IconClock, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Me } from '@/api/types';
import { useSignOut } from '@/features/session/api';
import { levelName } from '@/lib/lamp';
import { browserZone } from '@/lib/time';
import { setZone, useZone } from '@/lib/zone';
import { Flag } from '@/ui/Flag';
import { PersonAvatar } from '@/ui/Person';
import css from './Shell.module.css';

/** Who is looking, what they are on duty for, and their own settings. */
export function ViewerMenu({ me }: { me: Me }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const zone = useZone();
  const name = me.person?.name ?? me.account.email;
  const duties = me.duties.map(levelName).join(', ');
  const zones = [...new Set([browserZone(), me.person?.zone ?? 'UTC', 'UTC'])];
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={css.viewer}>
          <span className="sr">{name}, settings.</span>
          <PersonAvatar id={me.person?.id ?? me.account.id} name={name} size={24} />
          {duties && (
            <span className={css.duty}>
              <Flag>{duties} now</Flag>
            </span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}
          {me.person && `, ${me.person.title}`}
        </Menu.Label>
        <Menu.Item component={Link} to="/me" leftSection={<IconCalendarUser size={16} stroke={1.75} />}>
          My on-call
        </Menu.Item>
        <Menu.Divider />
        {zones.map((choice) => (
          <Menu.Item
            key={choice}
            leftSection={<IconClock size={16} stroke={1.75} />}
            rightSection={choice === zone ? '✓' : undefined}
            onClick={() => setZone(choice === browserZone() ? null : choice)}
          >
            {choice}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={
              scheme === 'light' ? <IconSun size={16} stroke={1.75} /> : <IconMoon size={16} stroke={1.75} />
            }
            rightSection={scheme === colorScheme ? '✓' : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {{ light: 'Light', dark: 'Dark', auto: 'As the system' }[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
