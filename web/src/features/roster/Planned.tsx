import { Button } from '@mantine/core';
import { fromWallField, instant } from '@/lib/time';
import { Panel } from '@/ui/Panel';
import css from './Roster.module.css';
import { rolloutNames, type ScheduleDocument } from './roster';

/** Rosters that take over one after the other; one that is not wanted any more is taken back. */
export function Planned({
  document,
  dropped,
  onDrop,
}: {
  document: ScheduleDocument;
  dropped: readonly string[];
  onDrop: (dropped: readonly string[]) => void;
}) {
  const versions = document.versions ?? [];
  if (versions.length === 0) return null;
  return (
    <Panel title="Rosters in their order" count={versions.length}>
      <ul>
        {versions.map(({ effective_from: from, rollout = 'at_once' }) => {
          const ms = fromWallField(from, document.zone);
          const gone = dropped.includes(from);
          return (
            <li key={from} className={css.line}>
              <span className="grow">
                <span className="mid">{ms === null ? from : instant(ms, document.zone, 0)}</span>{' '}
                <span className="soft small">{rolloutNames[rollout].toLowerCase()}</span>
              </span>
              <Button
                size="sm"
                aria-pressed={gone}
                onClick={() => onDrop(gone ? dropped.filter((each) => each !== from) : [...dropped, from])}
              >
                {gone ? 'Keep' : 'Take back'}
              </Button>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
