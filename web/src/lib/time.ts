/** Rendering of instants. The API speaks microseconds UTC; people read their own zone, evidence adds UTC. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, made);
  }
  return made;
}

/** The zone of this browser, an IANA name. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** The zone's short name at that instant: `CEST`, `GMT+9`, `UTC`. */
export function zoneName(ms: number, zone: string): string {
  const parts = format(zone, { timeZoneName: 'short' }).formatToParts(ms);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** `10:51`, or `10:51:40` with seconds. */
export function clock(ms: number, zone: string, seconds = false): string {
  return format(zone, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  }).format(ms);
}

/** `Thu 15 Oct`. */
export function day(ms: number, zone: string): string {
  const parts = format(zone, { weekday: 'short', day: 'numeric', month: 'short' }).formatToParts(ms);
  const pick = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${pick('weekday')} ${pick('day')} ${pick('month').slice(0, 3)}`;
}

/** `2026-10-15`: the calendar day in a zone, for comparing days. */
export function isoDay(ms: number, zone: string): string {
  const parts = format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(ms);
  const pick = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${pick('year')}-${pick('month')}-${pick('day')}`;
}

/** `10:51 CEST` today, `Tue 20 Oct 22:00 CEST` on any other day. */
export function instant(ms: number, zone: string, nowMs: number, seconds = false): string {
  const time = `${clock(ms, zone, seconds)} ${zoneName(ms, zone)}`;
  return isoDay(ms, zone) === isoDay(nowMs, zone) ? time : `${day(ms, zone)} ${time}`;
}

/** The same without the zone's name, for columns whose head names it. */
export function shortInstant(ms: number, zone: string, nowMs: number, seconds = false): string {
  const time = clock(ms, zone, seconds);
  return isoDay(ms, zone) === isoDay(nowMs, zone) ? time : `${day(ms, zone)} ${time}`;
}

/** `2026-10-15 08:42:18.123 UTC`, for evidence and for the hover of every other time. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** A span of time with its ends: `Tue 20 Oct 22:00 to Wed 21 Oct 06:00 CEST`; with the years where they differ. */
export function range(fromMs: number, toMs: number, zone: string): string {
  const [from, to] = [isoDay(fromMs, zone), isoDay(toMs, zone)];
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  const named = (ms: number, iso: string) =>
    sameYear ? day(ms, zone) : `${day(ms, zone)} ${iso.slice(0, 4)}`;
  const end = from === to ? clock(toMs, zone) : `${named(toMs, to)} ${clock(toMs, zone)}`;
  return `${named(fromMs, from)} ${clock(fromMs, zone)} to ${end} ${zoneName(toMs, zone)}`;
}

/** Offset of a zone from UTC in ms at an instant. */
export function zoneOffsetMs(ms: number, zone: string): number {
  const parts = format(zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms);
  const pick = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const asUtc = Date.UTC(
    pick('year'),
    pick('month') - 1,
    pick('day'),
    pick('hour'),
    pick('minute'),
    pick('second'),
  );
  return asUtc - Math.floor(ms / 1000) * 1000;
}

/** The instant at which a wall clock in `zone` shows the given local time; in a gap it is the instant after it. */
export function fromWall(
  year: number,
  month: number,
  date: number,
  hour: number,
  minute: number,
  zone: string,
): number {
  const guess = Date.UTC(year, month - 1, date, hour, minute);
  const first = guess - zoneOffsetMs(guess, zone);
  const second = guess - zoneOffsetMs(first, zone);
  return zoneOffsetMs(second, zone) === guess - second ? second : Math.max(first, second);
}

/** Midnight of the calendar day that is `days` after the one containing `ms`, in `zone`. */
export function startOfDay(ms: number, zone: string, days = 0): number {
  const [year = 1970, month = 1, date = 1] = isoDay(ms, zone).split('-').map(Number);
  return fromWall(year, month, date + days, 0, 0, zone);
}

/** Midnight of the Monday of the week containing `ms`, in `zone`. */
export function startOfWeek(ms: number, zone: string): number {
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const weekday = names.indexOf(day(ms, zone).slice(0, 3));
  return startOfDay(ms, zone, -Math.max(0, weekday));
}

/** ISO 8601 week number of the calendar day containing `ms` in `zone`. */
export function isoWeek(ms: number, zone: string): number {
  const [year = 1970, month = 1, date = 1] = isoDay(ms, zone).split('-').map(Number);
  const at = new Date(Date.UTC(year, month - 1, date));
  at.setUTCDate(at.getUTCDate() + 4 - (at.getUTCDay() || 7));
  const first = Date.UTC(at.getUTCFullYear(), 0, 1);
  return Math.ceil(((at.getTime() - first) / 86_400_000 + 1) / 7);
}

/** `2026-10-15T22:00`, the value of a datetime-local field for an instant in `zone`. */
export function toWallField(ms: number, zone: string): string {
  return `${isoDay(ms, zone)}T${clock(ms, zone)}`;
}

/** The instant of a datetime-local field read in `zone`, or null when it is not a time. */
export function fromWallField(value: string, zone: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value);
  if (!match) return null;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  return fromWall(year, month, date, hour, minute, zone);
}
