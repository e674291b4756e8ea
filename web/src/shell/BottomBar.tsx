import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import css from './BottomBar.module.css';
import { type Room, roomOf, rooms } from './rooms';

const main: readonly Room['path'][] = ['/', '/incidents', '/oncall'];

/** The rooms within a thumb's reach on a phone. */
export function BottomBar({ counts }: { counts: Partial<Record<Room['path'], number>> }) {
  const here = roomOf(useLocation().pathname);
  const navigate = useNavigate();
  const more = rooms.filter((room) => !main.includes(room.path));
  const hereInMore = here !== undefined && more.includes(here);
  return (
    <nav className={css.bar} aria-label="Rooms">
      {rooms
        .filter((room) => main.includes(room.path))
        .map((room) => (
          <Link key={room.path} to={room.path} className={css.item} data-here={room === here || undefined}>
            <room.icon size={20} stroke={1.75} aria-hidden="true" />
            <span>
              {room.name}
              {counts[room.path] ? ` ${counts[room.path]}` : ''}
            </span>
          </Link>
        ))}
      <Menu position="top-end" width={220}>
        <Menu.Target>
          <button type="button" className={css.item} data-here={hereInMore || undefined}>
            <IconDots size={20} stroke={1.75} aria-hidden="true" />
            <span>{hereInMore ? here?.name : 'More'}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {more.map((room) => (
            <Menu.Item
              key={room.path}
              h={44}
              leftSection={<room.icon size={18} stroke={1.75} />}
              onClick={() => navigate({ to: room.path })}
            >
              {room.name}
              {counts[room.path] ? ` ${counts[room.path]}` : ''}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
