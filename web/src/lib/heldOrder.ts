/**
 * Rows never move under a pointer or focus: while the list is held, it keeps the order it had.
 * Gone rows disappear, changed rows change in place, new ones wait and are counted.
 */
export function holdOrder<T>(
  items: readonly T[],
  shown: readonly string[],
  id: (item: T) => string,
): { items: T[]; waiting: number } {
  const byId = new Map(items.map((item) => [id(item), item]));
  const kept = shown.flatMap((key) => byId.get(key) ?? []);
  return { items: kept, waiting: items.length - kept.length };
}
