import { useQuery } from '@tanstack/react-query';
import { api, messageOf, take } from '@/api/client';
import type { Change } from '@/api/types';
import { Panel } from '@/ui/Panel';
import { ErrorState } from '@/ui/states';
import { Age, TimeText } from '@/ui/TimeText';
import css from './Change.module.css';

const DAY_US = 86_400_000_000;
const SHOWN = 20;

function useChanges(from_us: number, until_us: number | null) {
  const query = { from_us, until_us: until_us ?? undefined, limit: SHOWN };
  return useQuery({
    queryKey: ['changes', from_us, until_us],
    queryFn: () => take(api.GET('/api/v1/changes', { params: { query } })),
    refetchInterval: until_us === null ? 60_000 : false,
  });
}

function Line({ change }: { change: Change }) {
  return (
    <li className={css.change}>
      <span className={css.summary}>{change.summary}</span>
      <span className="caption soft">
        <TimeText us={change.at_us} />, <Age us={change.at_us} />
        {change.source && (
          <>
            {' '}
            on <code>{change.source}</code>
          </>
        )}
        , told by {change.integration_name}
      </span>
      {(change.links.length > 0 || Object.keys(change.details).length > 0) && (
        <span className="caption soft">
          {change.links.map((link) => (
            <a
              key={link.href}
              href={link.href}
              className={`link ${css.link}`}
              target="_blank"
              rel="noreferrer"
            >
              {link.text || link.href}
            </a>
          ))}
          {Object.entries(change.details).map(([name, value]) => (
            <code key={name} className={css.detail}>
              {name}={String(value)}
            </code>
          ))}
        </span>
      )}
    </li>
  );
}

/** What was changed in the day before something went wrong, and since. Nothing where no sender told of any. */
export function RecentChanges({ opened_us, ended_us }: { opened_us: number; ended_us: number | null }) {
  const changes = useChanges(opened_us - DAY_US, ended_us);
  if (changes.isError)
    return (
      <ErrorState
        title="The recent changes could not be read."
        detail={messageOf(changes.error)}
        retry={() => changes.refetch()}
      />
    );
  const items = changes.data?.items ?? [];
  if (items.length === 0) return null;
  const more = changes.data?.next ? `The last ${SHOWN}` : 'Since a day before it opened';
  return (
    <Panel title="Recent changes" count={items.length} right={more}>
      <ul className={css.list} aria-label="Recent changes">
        {items.map((change) => (
          <Line key={change.id} change={change} />
        ))}
      </ul>
    </Panel>
  );
}
