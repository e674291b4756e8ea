export interface Line {
  sign: ' ' | '+' | '-';
  text: string;
}

export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** The lengths of the longest common runs of lines, from each pair of places to the end. */
function common(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const next = lengths[i + 1] ?? [];
      const row = lengths[i] ?? [];
      row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** Two texts line by line: what stays, what goes, what comes. */
export function lineDifference(before: string, after: string): Line[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const lengths = common(old, now);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [left, right] = [old[i], now[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      i++;
      j++;
    } else if (
      right === undefined ||
      (left !== undefined && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      lines.push({ sign: '-', text: left ?? '' });
      i++;
    } else {
      lines.push({ sign: '+', text: right });
      j++;
    }
  }
  return lines;
}

/** The lines within `around` of a change, with `…` for what is left out; all of them where nothing changed. */
export function nearChanges(lines: readonly Line[], around = 3): Line[] {
  const changed = lines.flatMap(({ sign }, at) => (sign === ' ' ? [] : [at]));
  if (changed.length === 0 || changed.length === lines.length) return [...lines];
  const near: Line[] = [];
  let last = -1;
  lines.forEach((line, at) => {
    if (!changed.some((change) => Math.abs(change - at) <= around)) return;
    if (at > last + 1) near.push({ sign: ' ', text: '…' });
    near.push(line);
    last = at;
  });
  if (last < lines.length - 1) near.push({ sign: ' ', text: '…' });
  return near;
}
