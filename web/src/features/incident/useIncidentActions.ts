import { useContext, useState } from 'react';
import type { Incident } from '@/api/types';
import { cli } from '@/lib/cli';
import { type KeyBinding, useKeys } from '@/lib/keys';
import { levelAbove, levelName } from '@/lib/lamp';
import { useConnection } from '@/lib/live';
import { Viewer } from '@/ui/Person';
import { useAct } from './actions';
import { isOpen, isPaged } from './model';

export type FormName =
  | 'classify'
  | 'raise'
  | 'lower'
  | 'snooze'
  | 'reassign'
  | 'note'
  | 'link'
  | 'resolve'
  | 'brief';

/** One action of the bar: its button, its key, its command, and why it is off. */
export interface BarAction {
  name: FormName | 'acknowledge';
  label: string;
  /** The label where there is little room. */
  short?: string;
  keys: string;
  command: string;
  off?: string;
  run: () => void;
}

const STALE = 'not live: only acknowledging is safe to send';
const CLOSED = 'the incident is resolved';

/** Everything the viewer can do to this incident now; registers the keys. */
export function useIncidentActions(incident: Incident) {
  const [form, setForm] = useState<FormName | null>(null);
  const act = useAct(incident.reference);
  const viewer = useContext(Viewer);
  const stale = useConnection().state === 'stale';
  const open = isOpen(incident);
  const above = levelAbove(incident.level);
  const off = open ? (stale ? STALE : undefined) : CLOSED;
  const ref = [incident.reference];
  const show = (name: FormName) => () => setForm(name);
  const actions: BarAction[] = [
    {
      name: 'acknowledge',
      label: 'Acknowledge',
      keys: 'a',
      command: cli('incident ack', ref),
      off: open ? undefined : CLOSED,
      run: () => act.mutate({ verb: 'acknowledge' }),
    },
    {
      name: 'classify',
      label: 'Classify',
      keys: 'c',
      command: cli('incident classify', ref, { severity: 'sev2' }),
      off,
      run: show('classify'),
    },
    {
      name: 'raise',
      label: above ? `Raise to ${levelName(above)}` : 'Raise',
      short: 'Raise',
      keys: 'u',
      command: cli('incident raise', ref, { level: above }),
      off: off ?? (above ? undefined : 'it is at the top level'),
      run: show('raise'),
    },
    {
      name: 'resolve',
      label: 'Resolve',
      keys: 'r',
      command: cli('incident resolve', ref, { disposition: 'tp_benign' }),
      off,
      run: show('resolve'),
    },
    {
      name: 'note',
      label: 'Add note',
      keys: 'n',
      command: cli('incident note', [...ref, 'text']),
      off: stale ? STALE : undefined,
      run: show('note'),
    },
    {
      name: 'reassign',
      label: 'Reassign',
      keys: 'h',
      command: cli('incident reassign', ref, { to: 'PERSON' }),
      off,
      run: show('reassign'),
    },
    {
      name: 'snooze',
      label: 'Snooze',
      keys: 's',
      command: cli('incident snooze', ref, { for: '60m' }),
      off,
      run: show('snooze'),
    },
    {
      name: 'lower',
      label: 'Lower',
      keys: 'd',
      command: cli('incident lower', ref, { level: 'L1', reason: 'text' }),
      off: off ?? (incident.level === 'L1' ? 'it is at L1' : undefined),
      run: show('lower'),
    },
    {
      name: 'link',
      label: 'Add link',
      keys: 'l',
      command: cli('incident link', [...ref, 'https://…']),
      off: stale ? STALE : undefined,
      run: show('link'),
    },
    {
      name: 'brief',
      label: 'Executive brief',
      keys: 'e',
      command: cli('incident brief', ref),
      run: show('brief'),
    },
  ];
  useKeys(
    actions.map(
      (action): KeyBinding => ({
        keys: action.keys,
        label: action.label,
        group: incident.reference,
        off: action.off,
        command: true,
        run: action.run,
      }),
    ),
  );
  return { actions, form, close: () => setForm(null), act, paged: isPaged(incident, viewer) };
}
