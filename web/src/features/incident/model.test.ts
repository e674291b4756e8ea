import { describe, expect, it } from 'vitest';
import type { Incident, IncidentLevel, Page, Target, TimelineEntry } from '@/api/types';
import { changesOf, draftOf, engages } from './forms/classify';
import {
  byTimeLeft,
  inFilter,
  isPaged,
  lampDetail,
  lampsOf,
  ledgerRows,
  levelState,
  noTimer,
  timerSetUs,
} from './model';

const level = (
  name: IncidentLevel['level'],
  lamp: IncidentLevel['lamp'],
  targets: IncidentLevel['targets'] = [],
): IncidentLevel => ({
  level: name,
  lamp,
  engaged_us: targets.length > 0 ? 2_000_000 : null,
  cause: null,
  targets,
  step: 0,
  steps: 1,
  round: 1,
  holes: [],
});

const target = (person_id: string, state: Target['state'], since_us: number) => ({
  person_id,
  name: person_id.toUpperCase(),
  state,
  since_us,
  page_id: 'pag_1',
});

function incident(part: Partial<Incident> = {}): Incident {
  return {
    id: 'inc_1',
    number: 1,
    reference: 'INC-1',
    title: 'A thing',
    status: 'triggered',
    severity: 'sev3',
    customer_facing: false,
    company_wide: false,
    disposition: null,
    level: 'L1',
    levels: [level('L1', 'paging', [target('a', 'paged', 4_000_000)]), level('L2', 'armed')],
    holder: null,
    next: {
      due_us: 10_000_000,
      kind: 'climb',
      level: 'L2',
      people: ['Mara Lindqvist'],
      text: 'Mara L. is paged',
    },
    snoozed_until_us: null,
    lowering: null,
    opened_us: 1_000_000,
    contained_us: null,
    resolved_us: null,
    alerts_open: 1,
    alerts_total: 1,
    policy: 'ladder',
    facts: {},
    source: '',
    description: null,
    integration: null,
    labels: {},
    updated_us: 1,
    version: 1,
    ...part,
  };
}

describe('the order of the board', () => {
  it('puts the nearest deadline first and what has none last', () => {
    const next = (due_us: number) => ({ due_us, kind: 'climb' as const, level: null, people: [], text: '' });
    const late = incident({ id: 'late', next: next(9) });
    const soon = incident({ id: 'soon', next: next(3) });
    const held = incident({ id: 'held', next: null });
    expect(byTimeLeft([held, late, soon]).map((each) => each.id)).toEqual(['soon', 'late', 'held']);
  });
});

describe('a running timer', () => {
  it('was set at the last page or answer', () => {
    expect(timerSetUs(incident())).toBe(4_000_000);
  });

  it('fills the armed lamp by what is left of it', () => {
    const lamps = lampsOf(incident(), 'UTC', 7_000);
    expect(lamps[1]).toMatchObject({ state: 'armed', left: 0.5 });
  });

  it('is named by its holder when none runs', () => {
    const holder = { person_id: 'e', name: 'Elif Aydın', since_us: 1, level: 'L1' as const };
    expect(noTimer(incident({ next: null, holder }))).toBe('No timer: held by Elif A.');
    expect(noTimer(incident({ next: null }))).toBe('No timer runs and nobody holds it.');
  });
});

describe('the words of a lamp', () => {
  const part = level('L3', 'part', [target('h', 'answered', 38_285_000_000), target('p', 'silent', 0)]);

  it('say who answered when and who was silent', () => {
    expect(lampDetail(part, 'UTC')).toBe('1 of 2 answered. H 10:38:05. P silent.');
    expect(levelState(part)).toBe('1 of 2 answered');
  });

  it('say whether a step pages one of its targets in turn', () => {
    const paging = { ...level('L1', 'paging', [target('a', 'paged', 1)]), step: 2 };
    const step = (round_robin: boolean) => ({ page: ['A', 'B'], round_robin, timeout_s: 300 });
    const rule = (second: boolean) => ({
      level: 'L1' as const,
      answer: 'any' as const,
      owner: [],
      steps: [step(false), step(second)],
      tell: [],
      ack_timeout_s: 1,
      when: [],
    });
    const policy = (second: boolean) => ({ name: 'p', repeat_after_s: 1, levels: [rule(second)] });
    expect(levelState(paging, policy(true))).toBe('paged, step 2, in turn');
    expect(levelState(paging, policy(false))).toBe('paged, step 2');
    expect(levelState(paging)).toBe('paged, step 2');
  });

  it('expect no answer from those who are told', () => {
    expect(lampDetail(level('executive', 'told', [target('c', 'told', 0)]), 'UTC')).toBe('C told.');
  });
});

describe('whether the viewer is asked', () => {
  it('is so while their page is unanswered', () => {
    expect(isPaged(incident(), 'a')).toBe(true);
    expect(isPaged(incident(), 'b')).toBe(false);
    expect(isPaged(incident(), null)).toBe(false);
  });
});

describe('the ledger', () => {
  const page = (part: Partial<Page>): Page => ({
    id: 'pag_1',
    person_id: 'a',
    name: 'A',
    level: 'L1',
    kind: 'page',
    status: 'open',
    step: 0,
    round: 1,
    decided_us: 1,
    closed_us: null,
    closed_by: null,
    next: null,
    notifications: [],
    ...part,
  });
  const notification = (id: string, sent_us: number | null, decided_us = 1) => ({
    id,
    channel: 'email' as const,
    contact_id: 'c',
    address: 'a@b',
    status: 'delivered' as const,
    attempt: 1,
    decided_us,
    sent_us,
    answer: null,
    late: false,
  });

  it('has a row for each attempt, newest first, and one for a page that reached no channel', () => {
    const rows = ledgerRows([
      page({ id: 'empty', decided_us: 5 }),
      page({ notifications: [notification('n1', 3), notification('n2', 9)] }),
    ]);
    expect(rows.map((row) => row.key)).toEqual(['n2', 'empty', 'n1']);
  });
});

describe('the timeline', () => {
  const entry = (actor: TimelineEntry['actor']['kind'], kind: string): TimelineEntry => ({
    seq: 1,
    at_us: 1,
    actor: { kind: actor, id: 'x', name: 'X' },
    kind,
    text: '',
    detail: null,
    level: null,
    severity: null,
    page_id: null,
  });

  it('counts an answer by link as what a person did', () => {
    expect(inFilter(entry('link', 'incident.acknowledged'), 'people')).toBe(true);
    expect(inFilter(entry('system', 'incident.level_engaged'), 'people')).toBe(false);
  });

  it('does not count what follows from it', () => {
    expect(inFilter(entry('person', 'incident.level_engaged'), 'people')).toBe(false);
    expect(inFilter(entry('person', 'page.decided'), 'people')).toBe(false);
  });

  it('tells the story without single messages, but with those that failed', () => {
    expect(inFilter(entry('system', 'page.notification_delivered'), 'story')).toBe(false);
    expect(inFilter(entry('system', 'page.notification_delivered'), 'all')).toBe(true);
    expect(inFilter(entry('system', 'page.notification_sent'), 'story')).toBe(false);
    expect(inFilter(entry('system', 'page.notification_failed'), 'story')).toBe(true);
    expect(inFilter(entry('system', 'incident.step_silent'), 'story')).toBe(true);
  });

  it('finds notes and links', () => {
    expect(inFilter(entry('person', 'incident.noted'), 'notes')).toBe(true);
    expect(inFilter(entry('person', 'incident.raised'), 'notes')).toBe(false);
  });
});

describe('classifying', () => {
  it('sends only what was changed', () => {
    const draft = draftOf(incident());
    expect(changesOf(incident(), draft)).toEqual({});
    expect(changesOf(incident(), { ...draft, severity: 'sev2', reason: 'root' })).toEqual({
      severity: 'sev2',
      reason: 'root',
    });
  });

  it('sends a fact only once it is stated', () => {
    const draft = draftOf(incident());
    expect(changesOf(incident(), { ...draft, facts: { extortion: false } })).toEqual({});
    expect(changesOf(incident(), { ...draft, facts: { records_affected: 3 } })).toEqual({
      facts: { records_affected: 3 },
    });
  });

  it('says whom the policy engages before it is sent', () => {
    const rule = (level: 'L1' | 'L2' | 'L3', when: string[]) => ({
      level,
      answer: 'any' as const,
      owner: [],
      steps: [],
      tell: [],
      ack_timeout_s: 1,
      when,
    });
    const policy = {
      name: 'escalation',
      repeat_after_s: 600,
      levels: [
        rule('L1', []),
        rule('L2', ["severity in ['sev1', 'sev2']"]),
        rule('L3', ["severity == 'sev1'", 'customer_facing', 'facts.records_affected > 0']),
      ],
    };
    const draft = draftOf(incident());
    expect(engages(draft, policy)).toBe('Engages no further level by itself.');
    expect(engages({ ...draft, severity: 'sev2' }, policy)).toBe('Engages L1 and L2 at once.');
    expect(engages({ ...draft, customer_facing: true }, policy)).toBe('Engages L1, L2 and L3 at once.');
    expect(engages({ ...draft, facts: { records_affected: 9 } }, policy)).toBe(
      'Engages L1, L2 and L3 at once.',
    );
  });
});
