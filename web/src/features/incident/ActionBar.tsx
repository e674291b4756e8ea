import { Button, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { messageOf } from '@/api/client';
import type { Incident } from '@/api/types';
import { CliLine } from '@/ui/CliLine';
import { Kbd } from '@/ui/Kbd';
import css from './ActionBar.module.css';
import type { BarAction } from './useIncidentActions';

interface ActionBarProps {
  incident: Incident;
  actions: readonly BarAction[];
  paged: boolean;
  pending: boolean;
  error: unknown;
}

const main = ['acknowledge', 'classify', 'raise', 'resolve'];

interface ActionButtonProps {
  action: BarAction;
  primary: boolean;
  pending: boolean;
  onFocus: () => void;
}

function ActionButton({ action, primary, pending, onFocus }: ActionButtonProps) {
  return (
    <Tooltip label={action.off} disabled={!action.off}>
      <Button
        size="bar"
        className={primary ? css.primary : css.secondary}
        variant={primary ? 'filled' : 'default'}
        leftSection={primary ? <IconCheck size={16} stroke={2} /> : undefined}
        rightSection={<Kbd>{action.keys}</Kbd>}
        data-disabled={action.off ? true : undefined}
        aria-disabled={action.off ? true : undefined}
        loading={primary && pending}
        onClick={(event) => (action.off ? event.preventDefault() : action.run())}
        onFocus={onFocus}
        onMouseEnter={onFocus}
      >
        <span className={action.short && css.long}>{action.label}</span>
        {action.short && <span className={css.short}>{action.short}</span>}
      </Button>
    </Tooltip>
  );
}

function More({ actions, onFocus }: { actions: readonly BarAction[]; onFocus: (action: BarAction) => void }) {
  return (
    <Menu position="top-start" width={230}>
      <Menu.Target>
        <Button size="bar" className={css.secondary} aria-label="More actions">
          <IconDots size={16} stroke={1.75} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.name}
            disabled={Boolean(action.off)}
            title={action.off}
            rightSection={<Kbd>{action.keys}</Kbd>}
            onClick={action.run}
            onFocus={() => onFocus(action)}
            onMouseEnter={() => onFocus(action)}
          >
            {action.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function state(incident: Incident, paged: boolean, error: unknown) {
  if (error) return <span className="bad">{messageOf(error)}</span>;
  if (incident.status === 'resolved') return 'Resolved. Notes and links still go into the record.';
  if (paged) return 'You are paged here and have not answered.';
  if (!incident.holder) return 'Nobody has answered yet.';
  return null;
}

/** What can be done, its keys, and the command that does the same. */
export function ActionBar({ incident, actions, paged, pending, error }: ActionBarProps) {
  const [focused, setFocused] = useState<BarAction | undefined>();
  const shown = actions.filter((action) => main.includes(action.name));
  const rest = actions.filter((action) => !main.includes(action.name));
  const current = actions.find((action) => action.name === focused?.name) ?? actions[0];
  return (
    <footer className={css.bar}>
      <div className={css.buttons}>
        {shown.map((action) => (
          <ActionButton
            key={action.name}
            action={action}
            primary={action.name === 'acknowledge'}
            pending={pending}
            onFocus={() => setFocused(action)}
          />
        ))}
        <More actions={rest} onFocus={setFocused} />
      </div>
      <span className={css.state} role="status">
        {state(incident, paged, error)}
      </span>
      <div className={css.cli}>{current && <CliLine command={current.command} />}</div>
    </footer>
  );
}
