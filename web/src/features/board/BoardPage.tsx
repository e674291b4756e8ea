import { Link } from '@tanstack/react-router';
import { messageOf } from '@/api/client';
import type { Board } from '@/api/types';
import { IncidentTable } from '@/features/incident/IncidentTable';
import { byTimeLeft } from '@/features/incident/model';
import { usePageTitle } from '@/shell/title';
import { Kbd } from '@/ui/Kbd';
import { Panel } from '@/ui/Panel';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { AlertStrip } from './AlertStrip';
import { useBoard } from './api';
import css from './Board.module.css';
import { OncallCards } from './OncallCards';
import { Sources, WaitingSignals } from './Sources';
import { WorstBanner } from './WorstBanner';

function KeyHint() {
  return (
    <span className={css.hint}>
      Sorted by time left
      <span className={css.keys}>
        <Kbd>j</Kbd> <Kbd>k</Kbd> to move, <Kbd>a</Kbd> acknowledges
      </span>
    </span>
  );
}

function OpenIncidents({ board }: { board: Board }) {
  const incidents = byTimeLeft(board.incidents);
  return (
    <Panel title="Open incidents" count={incidents.length} right={<KeyHint />} className={css.incidents}>
      {incidents.length > 0 ? (
        <IncidentTable incidents={incidents} />
      ) : (
        <EmptyState title="Nothing open.">
          An alert opens an incident by itself.{' '}
          <Link to="/integrations" className="link">
            Send a test alert
          </Link>{' '}
          or run <code>decurion incident declare</code>.
        </EmptyState>
      )}
    </Panel>
  );
}

function Loading() {
  return (
    <div className={css.page}>
      <Panel title="Open incidents">
        <LoadingRows rows={5} height={66} />
      </Panel>
    </div>
  );
}

/** The state of the watch in one screen: gaps, who is on call, what is open, what came in. */
export function BoardPage() {
  usePageTitle('Board');
  const board = useBoard();
  if (!board.data) {
    if (!board.isError) return <Loading />;
    return (
      <ErrorState
        title="The board could not be read."
        detail={messageOf(board.error)}
        retry={() => board.refetch()}
      />
    );
  }
  return (
    <div className={css.page}>
      {board.isError && (
        <ErrorState
          title="The board is old: the last read failed."
          detail={messageOf(board.error)}
          retry={() => board.refetch()}
        />
      )}
      <WorstBanner findings={board.data.findings} levels={board.data.levels} />
      <OncallCards levels={board.data.levels} />
      <div className={css.middle}>
        <OpenIncidents board={board.data} />
        <div className={css.side}>
          <WaitingSignals waiting={board.data.signals_waiting} />
          <Sources sources={board.data.sources} />
        </div>
      </div>
      <AlertStrip today={board.data.today} sources={board.data.sources} />
    </div>
  );
}
