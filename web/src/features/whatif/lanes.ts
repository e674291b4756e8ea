import type { WhatIf, WhatIfEntry } from '@/api/types';
import { levelShort, levels } from '@/lib/lamp';
import { shortName } from '@/lib/names';

/** How the time of somebody who was asked ended. */
export type SpanEnd = 'answered' | 'silent' | 'unreachable' | 'waiting';

/** What happened at one instant. */
export type MarkKind = 'sent' | 'failed' | 'told' | 'fell' | 'answer';

export interface LaneSpan {
  fromUs: number;
  toUs: number;
  end: SpanEnd;
}

export interface LaneMark {
  atUs: number;
  kind: MarkKind;
  text: string;
}

/** One person at one level, or a step that reached nobody. */
export interface Lane {
  key: string;
  level: string;
  label: string;
  spans: LaneSpan[];
  marks: LaneMark[];
}

interface Draft extends Lane {
  openUs: number | null;
}

/** Closes what is open in a lane. */
function close(lane: Draft, toUs: number, end: SpanEnd): void {
  if (lane.openUs === null) return;
  lane.spans.push({ fromUs: lane.openUs, toUs, end });
  lane.openUs = null;
}

class Lanes {
  readonly all = new Map<string, Draft>();

  lane(level: string, id: string, name: string): Draft {
    const key = `${level} ${id}`;
    const known = this.all.get(key);
    if (known) return known;
    const label = `${levelShort(level)} ${name}`;
    const made: Draft = { key, level, label, spans: [], marks: [], openUs: null };
    this.all.set(key, made);
    return made;
  }

  of(entry: WhatIfEntry): Draft[] {
    const level = entry.level;
    return level === null
      ? []
      : entry.people.map((person) => this.lane(level, person.person_id, shortName(person.name)));
  }

  take(entry: WhatIfEntry): void {
    const { at_us: atUs, text } = entry;
    switch (entry.what) {
      case 'paged':
        for (const lane of this.of(entry)) {
          close(lane, atUs, 'silent');
          lane.openUs = atUs;
        }
        break;
      case 'fell_through': {
        const lane = this.lane(entry.level ?? '', `step ${entry.step}`, `step ${entry.step}`);
        lane.marks.push({ atUs, kind: 'fell', text: `${text}: ${entry.holes.join('; ')}` });
        break;
      }
      case 'told':
        for (const lane of this.of(entry)) lane.marks.push({ atUs, kind: 'told', text });
        break;
      case 'sent':
      case 'failed':
        for (const lane of this.of(entry)) lane.marks.push({ atUs, kind: entry.what, text });
        break;
      case 'silent':
        for (const lane of this.of(entry)) close(lane, atUs, 'silent');
        break;
      case 'unreachable':
        for (const lane of this.of(entry)) close(lane, atUs, 'unreachable');
        break;
      case 'answered':
        this.answered(entry);
        break;
    }
  }

  /** Whoever answers is asked no more, at whichever level. */
  private answered(entry: WhatIfEntry): void {
    for (const person of entry.people) {
      const own = [...this.all.values()].filter((lane) => lane.key.endsWith(` ${person.person_id}`));
      for (const lane of own) close(lane, entry.at_us, 'answered');
      const at = own.find((lane) => lane.level === entry.level) ?? own[0];
      at?.marks.push({ atUs: entry.at_us, kind: 'answer', text: entry.text });
    }
  }
}

/** The picture of a run: lanes from the lowest level up, each in the order in which it was asked. */
export function lanesOf(run: WhatIf): Lane[] {
  const lanes = new Lanes();
  for (const entry of run.entries) lanes.take(entry);
  const endUs = lastUs(run);
  const all = [...lanes.all.values()];
  for (const lane of all) close(lane, endUs, 'waiting');
  const rank = (level: string) => (levels as readonly string[]).indexOf(level);
  return all.map(({ openUs: _open, ...lane }) => lane).toSorted((a, b) => rank(a.level) - rank(b.level));
}

/** The last instant of a run. */
export function lastUs(run: WhatIf): number {
  return run.entries.reduce((last, entry) => Math.max(last, entry.at_us), run.at_us);
}

const MINUTE_US = 60_000_000;
const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440];

/** Minutes at which the axis has a line: at most six of them after 0, the last at or after the run's end. */
export function ticksOf(run: WhatIf): number[] {
  const minutes = Math.max(5, Math.ceil((lastUs(run) - run.at_us) / MINUTE_US));
  const step = steps.find((each) => minutes / each <= 6) ?? Math.ceil(minutes / 6);
  const count = Math.ceil(minutes / step);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

/** `0 s`, `5 min`, `5 min 30 s`, `1 h 05 min`: a time to a human. */
export function lengthOf(us: number): string {
  const s = Math.max(0, Math.round(us / 1_000_000));
  const [h, m, rest] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  if (h > 0) return `${h} h ${String(m).padStart(2, '0')} min`;
  if (m === 0) return `${rest} s`;
  return rest === 0 ? `${m} min` : `${m} min ${rest} s`;
}
