import { Tooltip } from '@mantine/core';
import {
  type Icon,
  IconBell,
  IconBrandDiscord,
  IconBrandPushover,
  IconBrandSlack,
  IconBrandTeams,
  IconBrandTelegram,
  IconDeviceMobileMessage,
  IconInbox,
  IconMail,
  IconMessage,
  IconWebhook,
} from '@tabler/icons-react';
import { messageOf } from '@/api/client';
import type { Notification } from '@/api/types';
import { formatLong } from '@/lib/countdown';
import { levelShort } from '@/lib/lamp';
import { useMinute } from '@/lib/serverClock';
import { shortInstant } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { type Column, DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/Person';
import { EmptyState, ErrorState, LoadingRows } from '@/ui/states';
import { TimeText, ZoneLabel } from '@/ui/TimeText';
import { type LedgerRow, ledgerRows } from './model';
import { usePages } from './queries';

const channels: Record<string, { name: string; icon: Icon }> = {
  mailbox: { name: 'Mailbox', icon: IconInbox },
  email: { name: 'E-mail', icon: IconMail },
  webhook: { name: 'Webhook', icon: IconWebhook },
  ntfy: { name: 'ntfy', icon: IconBell },
  slack: { name: 'Slack', icon: IconBrandSlack },
  telegram: { name: 'Telegram', icon: IconBrandTelegram },
  discord: { name: 'Discord', icon: IconBrandDiscord },
  mattermost: { name: 'Mattermost', icon: IconMessage },
  teams: { name: 'Teams', icon: IconBrandTeams },
  pushover: { name: 'Pushover', icon: IconBrandPushover },
  sms: { name: 'Text', icon: IconDeviceMobileMessage },
};

function Channel({ notification }: { notification: Notification | null }) {
  if (!notification) return <span className="bad">none</span>;
  const known = channels[notification.channel] ?? { name: notification.channel, icon: IconBell };
  return (
    <Tooltip label={notification.address}>
      <span className="row nowrap">
        <known.icon size={14} stroke={1.75} aria-hidden="true" className="faint" />
        {known.name}
      </span>
    </Tooltip>
  );
}

/** The provider's own words, or what is being waited for. */
function Answer({ row }: { row: LedgerRow }) {
  const { notification } = row;
  if (!notification) return <span className="bad">no channel reached</span>;
  const took = notification.sent_us ? formatTook(notification.sent_us - notification.decided_us) : '';
  const again = notification.attempt > 1 ? `, try ${notification.attempt}` : '';
  switch (notification.status) {
    case 'delivered':
      return (
        <Tooltip label={notification.answer ?? 'delivered'}>
          <span className="ok cut">
            delivered {took}
            {again}
          </span>
        </Tooltip>
      );
    case 'sent':
      return (
        <Tooltip label={notification.answer ?? 'sent'}>
          <span className="soft cut">
            sent {took}
            {again}
          </span>
        </Tooltip>
      );
    case 'failed':
      return <span className="bad">{notification.answer ?? 'refused'}</span>;
    case 'cancelled':
      return <span className="faint">not needed</span>;
    default:
      return (
        <span className={notification.late ? 'bad' : 'soft'}>{notification.late ? 'late' : 'asking'}</span>
      );
  }
}

/** `20 ms`, `0.6 s` under ten seconds, then whole units. */
function formatTook(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 0.1) return `${Math.max(1, Math.round(us / 1000))} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatLong(seconds);
}

/** What the page itself comes to: answered by whom, or what happens next and when. */
function NextHop({ row }: { row: LedgerRow }) {
  const zone = useZone();
  const now = useMinute();
  const { page } = row;
  const at = (us: number) => shortInstant(us / 1000, zone, now, true);
  if (page.status === 'answered') return <>answered {page.closed_us ? at(page.closed_us) : ''}</>;
  if (page.next && page.status === 'open') return <>{`${page.next.text} ${at(page.next.at_us)}`}</>;
  if (page.status === 'told' || page.kind === 'tell') return <span className="soft">told</span>;
  if (page.status === 'given_up') return <span className="warn">no answer</span>;
  if (page.status === 'superseded') return <span className="faint">another answered</span>;
  return <span className="soft">no answer yet</span>;
}

const columns: readonly Column<LedgerRow>[] = [
  {
    head: 'Who',
    width: '138px',
    cell: ({ page }) => <PersonName id={page.person_id} name={page.name} size={18} />,
  },
  {
    head: 'Level',
    width: '46px',
    drop: 'phone',
    cell: ({ page }) => <span className="soft">{levelShort(page.level)}</span>,
  },
  { head: 'Channel', width: '88px', cell: ({ notification }) => <Channel notification={notification} /> },
  {
    head: (
      <>
        Sent <ZoneLabel />
      </>
    ),
    width: '76px',
    drop: 'phone',
    cell: ({ notification, page }) => <TimeText us={notification?.sent_us ?? page.decided_us} bare seconds />,
  },
  { head: 'Provider answer', cell: (row) => <Answer row={row} /> },
  { head: 'Next hop', width: '146px', drop: 'tablet', cell: (row) => <NextHop row={row} /> },
];

/** Who was told, how, when, what the provider answered, and what follows. One row per attempt. */
export function PageLedger({ reference }: { reference: string }) {
  const pages = usePages(reference);
  const rows = ledgerRows(pages.data?.items ?? []);
  return (
    <Panel title="Page ledger" count={rows.length} right="UTC on hover">
      {pages.isError && (
        <ErrorState
          title="The ledger could not be read."
          detail={messageOf(pages.error)}
          retry={() => pages.refetch()}
        />
      )}
      {pages.isPending && <LoadingRows rows={3} height={28} />}
      {pages.data && rows.length === 0 && <EmptyState title="Nobody was paged." />}
      {rows.length > 0 && (
        <DataTable
          label="Page ledger"
          columns={columns}
          rows={rows}
          id={(row) => row.key}
          density="compact"
        />
      )}
    </Panel>
  );
}
