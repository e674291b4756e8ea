import { Button } from '@mantine/core';
import { messageOf } from '@/api/client';
import { Panel } from '@/ui/Panel';
import { ErrorState } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { useRestoreSchedule, useScheduleHistory } from './api';
import css from './Roster.module.css';

const FIRST = 6;

/** Who changed this schedule, when and why; each state can be brought back, which is a change of its own. */
export function History({ id, version }: { id: string; version: number }) {
  const history = useScheduleHistory(id);
  const restore = useRestoreSchedule(id);
  const items = history.data?.items ?? [];
  const newest = items[0]?.version;
  return (
    <Panel title="History" count={history.data && items.length}>
      {history.isError && (
        <ErrorState
          title="The history could not be read."
          detail={messageOf(history.error)}
          retry={() => history.refetch()}
        />
      )}
      {restore.error && (
        <p className="bad small" role="alert" style={{ padding: 12 }}>
          {messageOf(restore.error)}
        </p>
      )}
      <ul>
        {items.slice(0, FIRST).map((entry) => (
          <li key={entry.version} className={css.line}>
            <span className="grow">
              <span className="mid">{entry.reason || 'No reason given'}</span>
              <span className="soft small" style={{ display: 'block' }}>
                {entry.author}, <TimeText us={entry.applied_us} />, version {entry.version}
              </span>
            </span>
            {entry.version !== newest && entry.after !== null && (
              <Button
                size="sm"
                loading={restore.isPending && restore.variables?.version === entry.version}
                onClick={() =>
                  restore.mutate({ version: entry.version, reason: `As in version ${entry.version}` })
                }
                aria-label={`Bring back version ${entry.version} in place of ${version}`}
              >
                Bring back
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
