import { Button, Modal, Popover } from '@mantine/core';
import { useContext, useEffect, useState } from 'react';
import { formatLength, formatLong } from '@/lib/countdown';
import { useMinute } from '@/lib/serverClock';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Flag } from '@/ui/Flag';
import { PersonAvatar, Viewer } from '@/ui/Person';
import type { Block } from './calendar';
import css from './Oncall.module.css';

/** Something that can be done with a shift. */
export interface ShiftAction {
  label: string;
  run: () => void;
  tone?: 'filled';
}

export interface Chosen {
  block: Block;
  /** What was chosen, beside which the card stands and which has the focus again after it; null shows a sheet. */
  at: HTMLElement | null;
}

interface CardProps {
  chosen: Chosen;
  actions: readonly ShiftAction[];
  onClose: () => void;
}

function When({ block }: { block: Block }) {
  const zone = useZone();
  const now = useMinute();
  const length = formatLength((block.endMs - block.startMs) / 1000);
  const state =
    block.endMs <= now
      ? 'over'
      : block.startMs <= now
        ? `${formatLong((block.endMs - now) / 1000)} left`
        : `in ${formatLong((block.startMs - now) / 1000)}`;
  return (
    <p>
      {range(block.startMs, block.endMs, zone)}
      <span className="soft">
        {' '}
        · {length}, {state}
      </span>
    </p>
  );
}

function Body({ chosen: { block }, actions }: CardProps) {
  const viewer = useContext(Viewer);
  return (
    <div className={css.card}>
      <div className="row">
        <PersonAvatar id={block.personId} name={block.name} size={28} />
        <div className="grow">
          <p className="strong cut">
            {block.name}
            {block.personId === viewer && ' (you)'}
          </p>
          <p className="soft small cut">{block.schedule}</p>
        </div>
        {block.changed && <Flag tone="accent">Override</Flag>}
        {block.shadow && <Flag>Shadow</Flag>}
        {block.inSwap && <Flag tone="warn">Cover is asked for</Flag>}
      </div>
      <When block={block} />
      <p className="faint small">From {block.source}</p>
      {actions.length > 0 && (
        <div className={css.cardActions}>
          {actions.map((action) => (
            <Button key={action.label} size="bar" variant={action.tone ?? 'default'} onClick={action.run}>
              {action.label}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** What a shift is and what can be done with it: beside the shift on a desk, a sheet on a phone. */
export function ShiftCard(props: CardProps) {
  const { chosen, onClose } = props;
  const { block, at } = chosen;
  const [box] = useState(() => at?.getBoundingClientRect());
  useEffect(() => () => at?.focus({ preventScroll: true }), [at]);
  if (!box) {
    return (
      <Modal opened onClose={onClose} title={block.schedule || 'Shift'}>
        <Body {...props} />
      </Modal>
    );
  }
  const place = {
    position: 'fixed',
    left: box.left,
    top: box.top,
    width: box.width,
    height: box.height,
  } as const;
  return (
    <Popover
      opened
      onChange={(opened) => !opened && onClose()}
      onDismiss={onClose}
      position="bottom"
      width={340}
      trapFocus
      withArrow
      shadow="md"
      closeOnEscape
    >
      <Popover.Target>
        <span style={{ ...place, pointerEvents: 'none' }} />
      </Popover.Target>
      <Popover.Dropdown aria-label={`${block.name}, ${block.schedule}`}>
        <Body {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}
