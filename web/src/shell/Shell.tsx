import { useHotkeys } from '@mantine/hooks';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { messageOf } from '@/api/client';
import { useServerClock } from '@/api/clock';
import type { Me } from '@/api/types';
import { useOpenAlertCount } from '@/features/alert/api';
import { DemoBar } from '@/features/demo/DemoBar';
import { useOpenIncidents } from '@/features/incident/queries';
import { usePersonSlots } from '@/features/organisation/api';
import { useMe } from '@/features/session/api';
import { deliveryFact, journalFact, useStatus } from '@/features/status/api';
import { listenForKeys, useKeys } from '@/lib/keys';
import { useConnection } from '@/lib/live';
import { useMinute } from '@/lib/serverClock';
import { useZone } from '@/lib/zone';
import { ConnectionBar } from '@/ui/ConnectionBar';
import { PersonSlots, Viewer } from '@/ui/Person';
import { ErrorState } from '@/ui/states';
import { BottomBar } from './BottomBar';
import { useCommands } from './commands';
import { KeyboardHelp } from './KeyboardHelp';
import { useLive } from './live';
import { Palette } from './Palette';
import { type FootFact, Rail } from './Rail';
import { rooms } from './rooms';
import css from './Shell.module.css';
import { TopBar } from './TopBar';
import { ViewerMenu } from './ViewerMenu';

function useFoot(): FootFact[] {
  const status = useStatus();
  const zone = useZone();
  const now = useMinute();
  const stale = useConnection().state === 'stale';
  if (!status.data || status.isError || stale) return [{ tone: 'unknown', text: 'Server state unknown' }];
  return [deliveryFact(status.data, now), journalFact(status.data, zone)];
}

function useRoomKeys(showKeys: () => void) {
  const navigate = useNavigate();
  useKeys([
    ...rooms.map((room) => ({
      keys: `g ${room.key}`,
      label: room.name,
      group: 'Go to',
      run: () => void navigate({ to: room.path }),
    })),
    { keys: '?', label: 'List the keys', group: 'Everywhere', run: showKeys },
  ]);
}

function SignedIn({ me }: { me: Me }) {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const speed = useServerClock();
  const slots = usePersonSlots();
  const counts = { '/incidents': useOpenIncidents().data?.items.length, '/alerts': useOpenAlertCount() };
  useLive();
  useEffect(listenForKeys, []);
  useRoomKeys(() => setHelp(true));
  useHotkeys([['mod+K', () => setPalette(true)]], []);
  const commands = useCommands(() => setHelp(true));
  return (
    <Viewer value={me.person?.id ?? null}>
      <PersonSlots value={slots}>
        <div className={css.shell}>
          <a href="#page" className={css.skip}>
            Skip to the page
          </a>
          <Rail counts={counts} foot={useFoot()} />
          <div className={css.main}>
            <TopBar onPalette={() => setPalette(true)} viewer={<ViewerMenu me={me} />} />
            {(me.demo || speed !== 1) && <DemoBar speed={speed} />}
            <ConnectionBar />
            <main id="page" className={css.page} tabIndex={-1}>
              <Outlet />
            </main>
            <BottomBar counts={counts} />
          </div>
          <Palette opened={palette} onClose={() => setPalette(false)} commands={commands} />
          <KeyboardHelp opened={help} onClose={() => setHelp(false)} />
        </div>
      </PersonSlots>
    </Viewer>
  );
}

/** Sends a visitor to the door, once; the address that they came for goes with them. */
function ToSignIn() {
  const navigate = useNavigate();
  const [next] = useState(useLocation().href);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { next }, replace: true });
  }, [navigate, next]);
  return null;
}

/** The frame of every page behind the sign-in. */
export function Shell() {
  const me = useMe();
  if (me.data) return <SignedIn me={me.data} />;
  if (me.isError) {
    return (
      <ErrorState
        title="The console could not read who you are."
        detail={messageOf(me.error)}
        retry={() => me.refetch()}
      />
    );
  }
  return me.isPending ? null : <ToSignIn />;
}
