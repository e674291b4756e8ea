import { useOncall } from '@/features/oncall/api';
import { useMe } from '@/features/session/api';
import { useMinute } from '@/lib/serverClock';
import { usePageTitle } from '@/shell/title';
import { Panel } from '@/ui/Panel';
import { EmptyState } from '@/ui/states';
import { Contacts } from './Contacts';
import { Feeds } from './Feeds';
import css from './Me.module.css';
import { NextShifts } from './NextShifts';

const DAY_MS = 86_400_000;

/** What duty means for whoever is signed in: when, how they are reached, and where their calendar finds it. */
export function MePage() {
  usePageTitle('My on-call');
  const me = useMe().data;
  const fromMs = Math.floor(useMinute() / DAY_MS) * DAY_MS;
  const schedules = useOncall(fromMs, fromMs + 56 * DAY_MS).data?.schedules ?? [];
  if (!me) return null;
  return (
    <div className={css.page}>
      <div className="stack">
        {me.person ? (
          <NextShifts person={me.person.id} />
        ) : (
          <Panel title="My next shifts">
            <EmptyState title="This account is nobody in the organisation.">
              It has no shifts and no contacts. An administrator joins it to a person.
            </EmptyState>
          </Panel>
        )}
      </div>
      <div className="stack">
        {me.person && <Contacts person={me.person.id} />}
        <Feeds own={me.person !== null} schedules={schedules} />
      </div>
    </div>
  );
}
