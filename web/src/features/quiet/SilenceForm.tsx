import { ActionIcon, Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { messageOf } from '@/api/client';
import type { SilenceMatcher } from '@/api/types';
import { AlertSeverity } from '@/features/alert/AlertSeverity';
import { useIntegrations } from '@/features/integration/api';
import type { WindowDocument } from '@/features/roster/roster';
import { Windows } from '@/features/roster/Windows';
import { cli } from '@/lib/cli';
import { count } from '@/lib/names';
import { serverNow } from '@/lib/serverClock';
import { fromWallField, toWallField } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { FormModal } from '@/ui/FormModal';
import { useAddSilence, useSilencePreview } from './api';
import {
  blockedBy,
  fields,
  filled,
  hoursBlocked,
  matcherText,
  nothing,
  operators,
  windowText,
} from './matchers';
import css from './Quiet.module.css';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const lengths = [
  { label: '2 hours', ms: 2 * HOUR },
  { label: '8 hours', ms: 8 * HOUR },
  { label: '1 day', ms: 24 * HOUR },
  { label: '1 week', ms: 168 * HOUR },
  { label: '1 year', ms: 365 * 24 * HOUR },
] as const;

interface MatcherRowProps {
  matcher: SilenceMatcher;
  at: number;
  onChange: (part: Partial<SilenceMatcher>) => void;
  onRemove?: () => void;
}

function MatcherRow({ matcher, at, onChange, onRemove }: MatcherRowProps) {
  const integrations = useIntegrations().data?.items ?? [];
  const of = (what: string) => `${what} of matcher ${at + 1}`;
  const known = {
    integration: integrations.map((each) => each.id),
    severity: ['critical', 'error', 'warning', 'info'],
  }[matcher.name];
  return (
    <li className={css.matcher}>
      <Autocomplete
        aria-label={of('Name')}
        data={[...fields, 'labels.']}
        value={matcher.name}
        onChange={(name) => onChange({ name })}
      />
      <Select
        aria-label={of('Operator')}
        data={[...operators]}
        value={matcher.operator}
        allowDeselect={false}
        onChange={(operator) => operator && onChange({ operator })}
      />
      <Autocomplete
        aria-label={of('Value')}
        data={known ?? []}
        value={matcher.value}
        onChange={(value) => onChange({ value })}
      />
      <ActionIcon
        variant="subtle"
        aria-label={`Remove matcher ${at + 1}`}
        disabled={!onRemove}
        onClick={onRemove}
      >
        <IconX size={14} stroke={1.75} />
      </ActionIcon>
    </li>
  );
}

/** What it would be about: said while it is written, so that nobody silences more than was meant. */
function Preview({ matchers }: { matchers: readonly SilenceMatcher[] }) {
  const asked = useDeferredValue(matchers);
  const preview = useSilencePreview(asked);
  if (asked.length === 0) return <p className="faint small">Fill in a matcher to see what it is about.</p>;
  if (preview.isError) return <p className="bad small">{messageOf(preview.error)}</p>;
  if (!preview.data) return <p className="faint small">Looking…</p>;
  const { open, recent, looked_at, newest } = preview.data;
  return (
    <div className={css.preview} aria-label="What it would be about" role="status">
      <p className="mid">
        {count(open, 'open alert')} and {recent.toLocaleString('en')} of the last {count(looked_at, 'alert')}{' '}
        in seven days match.
      </p>
      {open > 0 && <p className="soft small">An alert that has an incident by now keeps it.</p>}
      <ul>
        {newest.map((alert) => (
          <li key={alert.id} className={css.example}>
            <AlertSeverity severity={alert.severity} />
            <span>{alert.title}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SilenceFormProps {
  /** What to begin with, where an alert was the reason. */
  matchers?: readonly SilenceMatcher[];
  onClose: () => void;
}

interface Row extends SilenceMatcher {
  key: number;
}

/** Silences alerts for a while: which, from when to when, and why. */
export function SilenceForm({ matchers = [nothing], onClose }: SilenceFormProps) {
  const zone = useZone();
  const add = useAddSilence();
  const [now] = useState(() => Math.floor(serverNow() / MINUTE) * MINUTE);
  const [rows, setRows] = useState<Row[]>(() => matchers.map((matcher, key) => ({ ...matcher, key })));
  const [start, setStart] = useState(() => toWallField(now, zone));
  const [end, setEnd] = useState(() => toWallField(now + 2 * HOUR, zone));
  const [reason, setReason] = useState('');
  const [windows, setWindows] = useState<WindowDocument[]>([]);
  const startMs = fromWallField(start, zone);
  const endMs = fromWallField(end, zone);
  const asked = filled(rows).map(({ name, operator, value }) => ({ name, operator, value }));
  const change = (key: number, part: Partial<SilenceMatcher>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const begun = startMs === null || startMs <= now;
  const send = () =>
    endMs !== null &&
    add.mutate(
      {
        matchers: asked,
        start_us: begun ? undefined : startMs * 1000,
        end_us: endMs * 1000,
        repeat:
          windows.length === 0
            ? undefined
            : {
                zone,
                windows: windows.map(({ days = [], start, end, end_day = null }) => ({
                  days,
                  start,
                  end,
                  end_day,
                })),
              },
        reason: reason.trim(),
      },
      { onSuccess: onClose },
    );
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Silence alerts"
      size={620}
      submit="Silence"
      onSubmit={send}
      pending={add.isPending}
      error={add.error}
      blocked={hoursBlocked(windows) ?? blockedBy(rows, reason, startMs, endMs, serverNow())}
      command={cli('silence add', asked.map(matcherText), {
        from: begun ? undefined : new Date(startMs).toISOString(),
        until: endMs === null ? undefined : new Date(endMs).toISOString(),
        every: windows.map(windowText),
        zone: windows.length > 0 ? zone : undefined,
        reason,
      })}
    >
      <p className="soft small">
        Alerts that match all of this are counted and kept, and page nobody. Whatever is still open at the end
        is raised then.
      </p>
      <ul className={css.matchers} aria-label="Matchers">
        {rows.map((row, at) => (
          <MatcherRow
            key={row.key}
            matcher={row}
            at={at}
            onChange={(part) => change(row.key, part)}
            onRemove={
              rows.length > 1 ? () => setRows(rows.filter((each) => each.key !== row.key)) : undefined
            }
          />
        ))}
      </ul>
      <Button
        size="sm"
        leftSection={<IconPlus size={14} stroke={1.75} />}
        onClick={() => setRows([...rows, { ...nothing, key: Math.max(...rows.map((row) => row.key)) + 1 }])}
        style={{ alignSelf: 'flex-start' }}
      >
        Add a matcher
      </Button>
      <Preview matchers={asked} />
      <div className={css.times}>
        <TextInput
          type="datetime-local"
          label={`From, ${zone}`}
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={`Until, ${zone}`}
          value={end}
          onChange={(event) => setEnd(event.currentTarget.value)}
        />
      </div>
      <div className={css.lengths}>
        {lengths.map(({ label, ms }) => (
          <Button key={label} size="sm" onClick={() => setEnd(toWallField((startMs ?? now) + ms, zone))}>
            {label}
          </Button>
        ))}
      </div>
      <Windows
        name="Hours"
        title={`When it holds, ${zone}`}
        windows={windows}
        onChange={(next) => setWindows(next)}
      />
      <TextInput
        label="Why nobody needs to be paged"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormModal>
  );
}
