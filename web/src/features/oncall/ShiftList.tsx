import { IconArrowsExchange } from '@tabler/icons-react';
import { levelName } from '@/lib/lamp';
import { useMinute } from '@/lib/serverClock';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { Panel } from '@/ui/Panel';
import { PersonAvatar } from '@/ui/Person';
import type { Block, Row } from './calendar';
import css from './Oncall.module.css';
import { draftOf, type OverrideDraft } from './override';

interface Props {
  rows: readonly Row[];
  fromMs: number;
  toMs: number;
  onPick: (draft: OverrideDraft) => void;
}

function Shift({ block, now, onPick }: { block: Block; now: boolean; onPick: Props['onPick'] }) {
  const zone = useZone();
  return (
    <li>
      <button
        type="button"
        className={css.shift}
        data-gap={block.gap ? true : undefined}
        onClick={() => onPick(draftOf(block))}
      >
        {!block.gap && <PersonAvatar id={block.personId} name={block.name} size={28} />}
        <span className="grow">
          <span className="mid" style={{ display: 'block' }}>
            {block.gap ? 'Nobody' : block.name}{' '}
            {block.changed && <IconArrowsExchange size={13} stroke={1.75} aria-label="override" />}
          </span>
          <span className="soft small">{range(block.startMs, block.endMs, zone)}</span>
        </span>
        {now && <span className="ok small">now</span>}
      </button>
    </li>
  );
}

/** The week as a list, for a phone: what is over is left out. */
export function ShiftList({ rows, fromMs, toMs, onPick }: Props) {
  const now = useMinute();
  return rows
    .filter((row) => !row.standing)
    .map((row) => {
      const blocks = row.lanes
        .flat()
        .filter((block) => block.endMs > Math.max(now, fromMs) && block.startMs < toMs)
        .toSorted((a, b) => a.startMs - b.startMs);
      return (
        <Panel
          key={row.key}
          title={/^(l\d|exec)/i.test(row.label) ? levelName(row.label) : row.label}
          count={blocks.length}
        >
          <ul>
            {blocks.map((block) => (
              <Shift
                key={block.key}
                block={block}
                now={block.startMs <= now && now < block.endMs}
                onPick={onPick}
              />
            ))}
          </ul>
        </Panel>
      );
    });
}
