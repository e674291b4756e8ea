import { Tooltip } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { usePersonColours } from '@/ui/Person';
import css from './Calendar.module.css';
import { type Block, clip } from './calendar';
import { draftOf, type OverrideDraft } from './override';

interface BlockProps {
  block: Block;
  days: readonly number[];
  /** Width of the week in px. */
  weekPx: number;
  standing: boolean;
  nowMs: number;
  onPick: (draft: OverrideDraft) => void;
}

/** First name where it fits, initials where not; whole names for standing duty. */
function label(block: Block, px: number, standing: boolean): string {
  if (block.gap) return px < 27 ? '' : 'Gap';
  if (standing) return block.name;
  const words = block.name.split(' ');
  if (px < 22) return '';
  const first = words[0] ?? block.name;
  const room = px - (block.changed ? 24 : 10);
  return first.length * 6.8 <= room ? first : words.map((word) => word.charAt(0)).join('');
}

function useTint(block: Block, standing: boolean) {
  const colours = usePersonColours(block.personId);
  if (block.gap) return undefined;
  return {
    background: standing ? `color-mix(in srgb, ${colours.bg} 42%, var(--d-panel))` : colours.bg,
    color: colours.text,
    borderColor: block.changed ? colours.edge : 'transparent',
  };
}

/** A shift or a gap. One that can be changed and is wide enough for a finger is a button; the others only show. */
export function BlockView({ block, days, weekPx, standing, nowMs, onPick }: BlockProps) {
  const zone = useZone();
  const tint = useTint(block, standing);
  const place = clip(block, days);
  if (!place) return null;
  const px = place.width * weekPx - 2;
  const words = `${block.gap ? 'Gap' : block.name}, ${range(block.startMs, block.endMs, zone)}. ${block.gap ?? block.source}`;
  const shared = {
    className: css.block,
    'data-gap': block.gap ? true : undefined,
    'data-standing': standing || undefined,
    'data-past': block.endMs <= nowMs || undefined,
    style: { left: `${place.left * 100}%`, width: `calc(${place.width * 100}% - 2px)`, ...tint },
  };
  const inside = (
    <>
      {block.changed && <IconArrowsExchange size={11} stroke={1.9} aria-hidden="true" className={css.swap} />}
      <span className="cut" aria-hidden="true">
        {label(block, px, standing)}
      </span>
      <span className="sr">{words}</span>
    </>
  );
  const opens = (block.scheduleId || block.gap) && px >= 24;
  return (
    <Tooltip label={words}>
      {opens ? (
        <button type="button" {...shared} onClick={() => onPick(draftOf(block))}>
          {inside}
        </button>
      ) : (
        <span {...shared}>{inside}</span>
      )}
    </Tooltip>
  );
}
