export interface Token {
  kind: 'key' | 'note' | 'text' | 'plain';
  text: string;
}

const KEY = /^(\s*(?:- )*)([A-Za-z_][\w.-]*)(?=:(?:\s|$))/;

/** Where a comment begins: a `#` after a space or at the start, outside of quotes. */
function noteAt(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if ((char === '"' || char === "'") && /[\s:[{,(]/.test(line.charAt(at - 1) || ' ')) quote = char;
    else if (char === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) return at;
  }
  return line.length;
}

/** A line of YAML in coloured parts, which joined give the line again. */
export function tokens(line: string): Token[] {
  const end = noteAt(line);
  const found: Token[] = [];
  let rest = line.slice(0, end);
  const key = KEY.exec(rest);
  if (key) {
    if (key[1]) found.push({ kind: 'plain', text: key[1] });
    found.push({ kind: 'key', text: key[2] ?? '' });
    rest = rest.slice(key[0].length);
  }
  for (const part of rest.split(/("(?:[^"\\]|\\.)*")/)) {
    if (part) found.push({ kind: part.startsWith('"') ? 'text' : 'plain', text: part });
  }
  if (end < line.length) found.push({ kind: 'note', text: line.slice(end) });
  return found;
}
