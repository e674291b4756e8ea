import { messageOf } from '@/api/client';
import { cli } from '@/lib/cli';
import { CliLine } from '@/ui/CliLine';
import { Panel } from '@/ui/Panel';
import { ErrorState, LoadingRows } from '@/ui/states';
import { TimeText } from '@/ui/TimeText';
import { authorOf, type PackChange, type PackVersion, useVersionChanges } from './api';
import css from './Policy.module.css';

/** A change in words: `role ciso name: CISO becomes Chief`. */
function words({ path, kind, before, after }: PackChange): string {
  if (kind === 'added') return after ? `${path} added: ${after}` : `${path} added`;
  if (kind === 'removed') return `${path} removed`;
  return `${path}: ${before || 'nothing'} becomes ${after || 'nothing'}`;
}

/** What a version of the pack changed, thing by thing, and in which files. */
export function VersionDetail({ version }: { version: PackVersion }) {
  const changes = useVersionChanges(version.version);
  const { data } = changes;
  return (
    <Panel title={`Version ${version.version}`} count={version.reason} padded>
      <div className={css.stack}>
        <p className="soft small">
          {authorOf(version.author)}, <TimeText us={version.applied_us} />
        </p>
        {changes.isError && (
          <ErrorState
            title="The changes could not be read."
            detail={messageOf(changes.error)}
            retry={() => changes.refetch()}
          />
        )}
        {changes.isPending && <LoadingRows rows={4} />}
        {data && (
          <ul className={css.changes}>
            {data.changes.map((change) => (
              <li key={change.path}>{words(change)}</li>
            ))}
            {data.changes.length === 0 && <li>Only the wording of files changed.</li>}
          </ul>
        )}
        {data && data.files.length > 0 && (
          <p className="soft small">
            Files: {data.files.map(({ path, kind }) => `${path} (${kind})`).join(', ')}
          </p>
        )}
        <CliLine command={cli('history')} />
      </div>
    </Panel>
  );
}
