import { IconArrowsExchange, IconEye } from '@tabler/icons-react';
import { memo } from 'react';
import { levelShort } from '@/lib/lamp';
import { range } from '@/lib/time';
import { useZone } from '@/lib/zone';
import { usePersonColours } from '@/ui/Person';
import css from './Calendar.module.css';
import type { Block, Row } from './calendar';

interface BlockProps {
  block: Block;
  kind: Row['kind'];
  standing: boolean;
  /** Place in the strip, 0 to 1. */
  left: number;
  width: number;
  /** Its width on the screen in px. */
  px: number;
  past: boolean;
  /** Whether the Tab key stops here. */
  stop: boolean;
  /** The block begins, or ends, inside this strip. */
  begins: boolean;
  ends: boolean;
}

/** `L1, first to answer` becomes `L1`, when there is no room for more. */
function shortSchedule(name: string): string {
  const first = name.split(/[,:]/)[0]?.trim() ?? name;
  return /^(l\d|exec)/i.test(first) ? levelShort(first) : first;
}

/** Paged only when somebody else stays silent. */
export function isSecond(block: Block): boolean {
  return /second/i.test(block.schedule);
}

/** The widest words that fit: a whole name, the first one, initials; the schedule on a person's own line. */
export function labelOf(block: Block, kind: Row['kind'], px: number, standing: boolean): string {
  const fits = (text: string) => text.length * 6.8 + (block.changed || block.shadow ? 26 : 12) <= px;
  if (block.gap) return fits('Gap') ? 'Gap' : '';
  if (kind === 'person') {
    const choices = isSecond(block)
      ? [block.schedule, `${shortSchedule(block.schedule)} 2nd`, '2nd']
      : [block.schedule, shortSchedule(block.schedule)];
    return choices.find(fits) ?? '';
  }
  const words = block.name.split(' ');
  const letters = words.map((word) => word.charAt(0)).join('');
  const short = [words[0] ?? '', letters];
  const choices = standing || px > 150 ? [block.name, ...short] : short;
  return choices.find(fits) ?? (px >= 27 ? letters : '');
}

/** What a block is, in a sentence. */
export function wordsOf(block: Block, zone: string): string {
  const when = range(block.startMs, block.endMs, zone);
  if (block.gap) return `Gap, ${when}. ${block.gap}`;
  const marks = [
    block.schedule,
    block.changed ? `override of ${block.source}` : block.source,
    block.shadow && 'shadow',
    block.inSwap && 'cover is asked for',
  ];
  return `${block.name}, ${when}. ${marks.filter(Boolean).join(', ')}.`;
}

function useTint(block: Block, kind: Row['kind'], standing: boolean) {
  const colours = usePersonColours(block.personId);
  if (block.gap) return undefined;
  const behind = kind === 'person' && isSecond(block);
  const plain = standing || behind ? `color-mix(in srgb, ${colours.bg} 42%, var(--d-panel))` : colours.bg;
  return {
    background: block.shadow
      ? `repeating-linear-gradient(135deg, ${plain} 0 5px, var(--d-panel) 5px 9px)`
      : plain,
    color: colours.text,
    borderColor: block.changed || block.shadow || block.inSwap || behind ? colours.edge : 'transparent',
  };
}

function Inside({ block, text, zone }: { block: Block; text: string; zone: string }) {
  return (
    <>
      {block.changed && <IconArrowsExchange size={11} stroke={1.9} aria-hidden="true" className={css.mark} />}
      {block.shadow && <IconEye size={11} stroke={1.9} aria-hidden="true" className={css.mark} />}
      <span className="cut" aria-hidden="true">
        {text}
      </span>
      <span className="sr">{wordsOf(block, zone)}</span>
    </>
  );
}

/** A shift or a gap. One that can be opened is a button; standing duties and layers only show. */
export const BlockView = memo(function BlockView(props: BlockProps) {
  const { block, kind, standing, left, width, px, past, stop, begins, ends } = props;
  const zone = useZone();
  const tint = useTint(block, kind, standing);
  const opens = kind !== 'layer' && (block.scheduleId !== null || block.gap !== null);
  const shared = {
    className: css.block,
    'data-block': block.key,
    'data-gap': block.gap ? true : undefined,
    'data-standing': standing || undefined,
    'data-past': past || undefined,
    'data-swap': block.inSwap || undefined,
    style: { left: `${left * 100}%`, width: `calc(${width * 100}% - 2px)`, ...tint },
  };
  const inside = <Inside block={block} text={labelOf(block, kind, px, standing)} zone={zone} />;
  if (!opens) return <span {...shared}>{inside}</span>;
  const handles = !block.gap && px >= 24;
  return (
    <button type="button" tabIndex={stop ? 0 : -1} {...shared}>
      {handles && begins && <span className={css.edge} data-edge="start" />}
      {inside}
      {handles && ends && <span className={css.edge} data-edge="end" />}
    </button>
  );
});
