/** A stretch of a sentence: plain, a name, or code. */
export interface Piece {
  kind: 'text' | 'name' | 'code';
  text: string;
  /** Where it starts in the sentence. */
  at: number;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Splits a sentence at the names it contains and at what stands in backticks. */
export function pieces(sentence: string, names: readonly string[]): Piece[] {
  const known = [...new Set(names)].filter((name) => name.length > 1).toSorted((a, b) => b.length - a.length);
  const patterns = ['`[^`]+`', ...known.map(literal)];
  const found: Piece[] = [];
  let end = 0;
  for (const match of sentence.matchAll(new RegExp(patterns.join('|'), 'gu'))) {
    if (match.index > end) found.push({ kind: 'text', text: sentence.slice(end, match.index), at: end });
    const code = match[0].startsWith('`');
    found.push({
      kind: code ? 'code' : 'name',
      text: code ? match[0].slice(1, -1) : match[0],
      at: match.index,
    });
    end = match.index + match[0].length;
  }
  if (end < sentence.length) found.push({ kind: 'text', text: sentence.slice(end), at: end });
  return found;
}
