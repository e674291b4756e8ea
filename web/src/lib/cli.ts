/** A shell word: quoted only when it must be. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

type Option = string | number | boolean | readonly string[] | null | undefined;

/** The command that does what the console would do: verb, arguments, then options that are set. */
export function cli(
  verb: string,
  args: readonly string[] = [],
  options: Record<string, Option> = {},
): string {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    if (typeof value === 'boolean') return [value ? `--${name}` : `--${name}=false`];
    const values = Array.isArray(value) ? value : [value];
    return values.map((each) => `--${name} ${quote(String(each))}`);
  });
  return ['decurion', verb, ...args.map(quote), ...words].join(' ');
}
