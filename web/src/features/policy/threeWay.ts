import { lineDifference, linesOf } from './lines';

/** A stretch of a text that two people began from: settled, or changed by both in different ways. */
export type Piece =
  | { kind: 'same'; lines: string[] }
  | { kind: 'mine' | 'theirs' | 'agreed'; before: string[]; lines: string[] }
  | { kind: 'conflict'; before: string[]; mine: string[]; theirs: string[] };

/** Lines `[from, to)` of the base that a side replaced. */
interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

function hunksOf(base: string, side: string): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: Hunk | null = null;
  for (const { sign, text } of lineDifference(base, side)) {
    if (sign === ' ') {
      open = null;
      at++;
      continue;
    }
    if (!open) {
      open = { from: at, to: at, lines: [] };
      hunks.push(open);
    }
    if (sign === '+') open.lines.push(text);
    else open.to = ++at;
  }
  return hunks;
}

/** What a side makes of the lines `[from, to)` of the base. */
function applied(base: readonly string[], hunks: readonly Hunk[], from: number, to: number): string[] {
  const lines: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at, to)];
}

/** The hunks at the head of a side that touch the region up to `to`. */
function takeWhile(hunks: Hunk[], to: number): Hunk[] {
  const taken: Hunk[] = [];
  while (hunks[0] && hunks[0].from <= to) taken.push(hunks.shift() as Hunk);
  return taken;
}

function pieceOf(before: string[], mine: string[], theirs: string[], sides: [number, number]): Piece {
  if (sides[1] === 0) return { kind: 'mine', before, lines: mine };
  if (sides[0] === 0) return { kind: 'theirs', before, lines: theirs };
  if (mine.join('\n') === theirs.join('\n')) return { kind: 'agreed', before, lines: mine };
  return { kind: 'conflict', before, mine, theirs };
}

/** Two changes of one text, brought together. Lines that touch and were changed by both are a conflict. */
export function threeWay(base: string, mine: string, theirs: string): Piece[] {
  const lines = linesOf(base);
  const [own, other] = [hunksOf(base, mine), hunksOf(base, theirs)];
  const pieces: Piece[] = [];
  let at = 0;
  for (;;) {
    const from = Math.min(own[0]?.from ?? lines.length + 1, other[0]?.from ?? lines.length + 1);
    if (from > lines.length) break;
    if (from > at) pieces.push({ kind: 'same', lines: lines.slice(at, from) });
    let to = from;
    const [left, right]: [Hunk[], Hunk[]] = [[], []];
    for (let grown = true; grown; ) {
      left.push(...takeWhile(own, to));
      right.push(...takeWhile(other, to));
      const end = Math.max(to, ...[...left, ...right].map((hunk) => hunk.to));
      grown = end > to;
      to = end;
    }
    const before = lines.slice(from, to);
    const sides: [number, number] = [left.length, right.length];
    pieces.push(pieceOf(before, applied(lines, left, from, to), applied(lines, right, from, to), sides));
    at = to;
  }
  if (at < lines.length) pieces.push({ kind: 'same', lines: lines.slice(at) });
  return pieces;
}

export type Choice = 'mine' | 'theirs';

/** The text with one side chosen for each conflict, in their order; null while one is not chosen. */
export function settled(pieces: readonly Piece[], choices: ReadonlyMap<number, Choice>): string | null {
  const lines: string[] = [];
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind !== 'conflict') {
      lines.push(...piece.lines);
      continue;
    }
    const choice = choices.get(at);
    if (!choice) return null;
    lines.push(...piece[choice]);
  }
  return `${lines.join('\n')}\n`;
}
