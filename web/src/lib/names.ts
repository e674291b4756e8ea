/** `Elif Aydın` becomes `EA`; one word gives its first two letters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return '?';
  const letters = words.length === 1 ? first.slice(0, 2) : `${first.charAt(0)}${last.charAt(0)}`;
  return letters.toLocaleUpperCase('en');
}

/** `Elif Aydın` becomes `Elif A.`: enough to know who, short enough for a table. */
export function shortName(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last || words.length === 1) return name.trim();
  return `${first} ${last.charAt(0)}.`;
}

/** `A`, `A and B`, `A, B and C`. */
export function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `1 alert`, `3 alerts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** A stable colour slot (0 to 9) for a person that the list of people does not place. */
export function hashedSlot(id: string): number {
  let hash = 7;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % 10;
}
