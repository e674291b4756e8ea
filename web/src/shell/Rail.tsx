import { Tooltip } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { Mark } from '@/ui/Mark';
import css from './Rail.module.css';
import { type Room, roomOf, rooms } from './rooms';

/** One measured fact at the rail's foot. */
export interface FootFact {
  tone: 'ok' | 'warn' | 'bad' | 'unknown';
  text: string;
}

interface RailProps {
  counts: Partial<Record<Room['path'], number>>;
  foot: readonly FootFact[];
}

const groups = ['Watch', 'Settings'] as const;

function RoomLink({ room, here, count }: { room: Room; here: boolean; count?: number }) {
  return (
    <Tooltip label={room.name} position="right" openDelay={400}>
      <Link
        to={room.path}
        className={css.room}
        data-here={here || undefined}
        aria-current={here ? 'page' : undefined}
      >
        <room.icon size={16} stroke={1.75} aria-hidden="true" />
        <span className={css.name}>{room.name}</span>
        {count !== undefined && count > 0 && (
          <span className={css.count}>
            {count.toLocaleString('en')}
            <span className="sr"> open</span>
          </span>
        )}
      </Link>
    </Tooltip>
  );
}

/** The rooms that work, and at the foot whether pages go out and the record holds. */
export function Rail({ counts, foot }: RailProps) {
  const here = roomOf(useLocation().pathname);
  return (
    <nav className={css.rail} aria-label="Rooms">
      <Link to="/" className={css.brand}>
        <Mark />
        <span className={css.name}>Decurion</span>
      </Link>
      {groups.map((group) => (
        <div key={group} className={css.group}>
          <h2 className={css.head}>{group}</h2>
          {rooms
            .filter((room) => room.group === group)
            .map((room) => (
              <RoomLink key={room.path} room={room} here={room === here} count={counts[room.path]} />
            ))}
        </div>
      ))}
      <div className={css.foot}>
        {foot.map((fact) => (
          <Tooltip key={fact.text} label={fact.text} position="right">
            <p className={css.fact}>
              <span className={css.dot} data-tone={fact.tone} aria-hidden="true" />
              <span className={css.name}>{fact.text}</span>
            </p>
          </Tooltip>
        ))}
      </div>
    </nav>
  );
}
