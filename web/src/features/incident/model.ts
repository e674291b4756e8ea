import type { Disposition, Incident, IncidentLevel, Page, Policy, Target, TimelineEntry } from '@/api/types';
import { shareLeft } from '@/lib/countdown';
import { lampState } from '@/lib/lamp';
import { listOf, shortName } from '@/lib/names';
import { clock } from '@/lib/time';
import type { LampOfLevel } from '@/ui/Lamps';

/** How a case ended or is judged, in the words of the people who close it. */
export const dispositions = [
  { value: 'tp_malicious', label: 'True, malicious' },
  { value: 'tp_benign', label: 'True, benign' },
  { value: 'false_positive', label: 'False' },
  { value: 'undetermined', label: 'Undetermined' },
] as const satisfies readonly { value: Disposition; label: string }[];

/** The disposition of a word, or null for a word that is none. */
export function dispositionOf(word: string | null): Disposition | null {
  return dispositions.find((known) => known.value === word)?.value ?? null;
}

export function dispositionName(value: string): string {
  return dispositions.find((known) => known.value === value)?.label ?? value;
}

/** What is known of the case beside its severity: the sender's labels, then the facts that people set. */
export function factsOf(incident: Incident): [string, string][] {
  const facts = Object.entries(incident.facts)
    .filter(([, value]) => value !== false && value !== 0 && value !== null && value !== '')
    .map(([name, value]): [string, string] => [
      name.replaceAll('_', ' '),
      value === true ? 'yes' : String(value),
    ]);
  const labels = Object.entries(incident.labels).filter(([, value]) => value !== incident.source);
  return [...labels, ...facts];
}

/** Whether the case still wants a person. */
export function isOpen(incident: Incident): boolean {
  return incident.status !== 'resolved';
}

/**
 * When the running timer was set: the last moment at which something happened that sets one.
 * The bar needs the whole span, and timers start at a page, an answer or the opening.
 */
export function timerSetUs(incident: Incident): number {
  const moments = [incident.opened_us, incident.holder?.since_us ?? 0];
  for (const level of incident.levels) {
    moments.push(level.engaged_us ?? 0, ...level.targets.map((target) => target.since_us));
  }
  const due = incident.next?.due_us ?? Number.POSITIVE_INFINITY;
  return Math.max(...moments.filter((moment) => moment < due));
}

/** Open incidents by the deadline that comes first; those without a timer last, then the newest. */
export function byTimeLeft(incidents: readonly Incident[]): Incident[] {
  const due = (incident: Incident) => incident.next?.due_us ?? Number.POSITIVE_INFINITY;
  return incidents.toSorted((a, b) => {
    const [left, right] = [due(a), due(b)];
    return left === right ? b.opened_us - a.opened_us : left - right;
  });
}

function answeredOf(level: IncidentLevel): string {
  const answered = level.targets.filter((target) => target.state === 'answered').length;
  return `${answered} of ${level.targets.length} answered.`;
}

/** `1 of 3 answered. Henrik Dahl 10:38:05. Priya Raman silent.` */
export function lampDetail(level: IncidentLevel, zone: string): string {
  if (level.targets.length === 0) return level.cause ?? '';
  const people = level.targets.map((target) => {
    const word = target.state === 'answered' ? clock(target.since_us / 1000, zone, true) : target.state;
    return `${target.name} ${word}.`;
  });
  const head = lampState(level.lamp) === 'told' ? '' : `${answeredOf(level)} `;
  return `${head}${people.join(' ')}`;
}

/** The four lamps of an incident; the armed one shows how much of the countdown is left. */
export function lampsOf(incident: Incident, zone: string, nowMs: number): LampOfLevel[] {
  const next = incident.next;
  const setUs = timerSetUs(incident);
  const left = next ? shareLeft(next.due_us / 1e6 - nowMs / 1000, (next.due_us - setUs) / 1e6) : 1;
  return incident.levels.map((level) => ({
    level: level.level,
    state: lampState(level.lamp),
    detail: lampDetail(level, zone),
    left,
  }));
}

/** Whether the step that a level is at pages its targets in turn, one for each incident. */
export function isInTurn(level: IncidentLevel, policy: Policy | undefined): boolean {
  const rule = policy?.levels.find((each) => each.level.toLowerCase() === level.level.toLowerCase());
  return rule?.steps[Math.max(level.step, 1) - 1]?.round_robin ?? false;
}

/** What stands beside a level's name: `held`, `1 of 3 answered`, `not engaged`. */
export function levelState(level: IncidentLevel, policy?: Policy): string {
  const state = lampState(level.lamp);
  const answered = level.targets.filter((target) => target.state === 'answered').length;
  if (state === 'part') return `${answered} of ${level.targets.length} answered`;
  const words = {
    off: 'not engaged',
    armed: 'next',
    paging: `paged${level.step > 1 ? `, step ${level.step}` : ''}${isInTurn(level, policy) ? ', in turn' : ''}`,
    part: '',
    held: 'held',
    silent: 'no answer',
    told: 'told',
    hole: 'reaches nobody',
    stood_down: 'stood down',
  };
  return words[state];
}

/** Those who are asked first, then those who are only told. */
export function askedFirst(targets: readonly Target[]): Target[] {
  const told = (target: Target) => (target.state === 'told' ? 1 : 0);
  return targets.toSorted((a, b) => told(a) - told(b));
}

/** A target's answer at its level, and how it is coloured. */
export function answerOf(
  target: Target,
  zone: string,
): { text: string; tone: 'ok' | 'warn' | 'bad' | 'faint' } {
  const at = clock(target.since_us / 1000, zone, true);
  switch (target.state) {
    case 'answered':
      return { text: `answered ${at}`, tone: 'ok' };
    case 'silent':
      return { text: 'no answer', tone: 'warn' };
    case 'unreachable':
      return { text: 'unreachable', tone: 'bad' };
    case 'told':
      return { text: `told ${at}`, tone: 'faint' };
    default:
      return { text: `paged ${at}`, tone: 'faint' };
  }
}

/** When nothing runs by itself, the sentence says who holds it or why it rests. */
export function noTimer(incident: Incident): string {
  if (incident.status === 'resolved') return 'Resolved.';
  if (incident.holder) return `No timer: held by ${shortName(incident.holder.name)}`;
  return 'No timer runs and nobody holds it.';
}

export type TimelineFilter = 'story' | 'people' | 'notes' | 'all';

/** What a person did themselves; the pages and levels that follow from it carry the same actor, but are consequences. */
const OWN_ACT =
  /^incident\.(acknowledged|classified|raised|lower_requested|lowered|snoozed|reassigned|noted|linked|resolved|opened)$/;

/** Single messages and their ends: the page ledger shows them better, the story is told without. */
const MESSAGE =
  /^page\.(decided|notification_decided|notification_sent|notification_delivered|superseded|answered)$/;

/** Whether a person did this, rather than that it followed from what they did. */
export function isOwnAct(entry: TimelineEntry): boolean {
  return (entry.actor.kind === 'person' || entry.actor.kind === 'link') && OWN_ACT.test(entry.kind);
}

export function inFilter(entry: TimelineEntry, filter: TimelineFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'notes':
      return /^incident\.(noted|linked)$/.test(entry.kind);
    case 'people':
      return isOwnAct(entry);
    case 'story':
      return !MESSAGE.test(entry.kind);
  }
}

/** One row of the ledger: one notification, or a page that reached no channel. */
export interface LedgerRow {
  key: string;
  page: Page;
  notification: Page['notifications'][number] | null;
}

/** Newest attempt first, over all pages. */
export function ledgerRows(pages: readonly Page[]): LedgerRow[] {
  const rows = pages.flatMap((page): LedgerRow[] => {
    if (page.notifications.length === 0) return [{ key: page.id, page, notification: null }];
    return page.notifications.map((notification) => ({ key: notification.id, page, notification }));
  });
  const at = (row: LedgerRow) =>
    row.notification?.sent_us ?? row.notification?.decided_us ?? row.page.decided_us;
  return rows.toSorted((a, b) => at(b) - at(a));
}

/** Who the case waits for, by name: `Mara L. and Tomasz Z.` */
export function nextPeople(incident: Incident): string {
  return listOf((incident.next?.people ?? []).map(shortName));
}

/** Whether this person was paged here and has not answered. */
export function isPaged(incident: Incident, personId: string | null): boolean {
  if (!personId) return false;
  return incident.levels.some((level) =>
    level.targets.some(
      (target) => target.person_id === personId && ['paged', 'silent'].includes(target.state),
    ),
  );
}
