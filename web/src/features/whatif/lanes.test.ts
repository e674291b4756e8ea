import { describe, expect, test } from 'vitest';
import type { WhatIf, WhatIfEntry } from '@/api/types';
import { lanesOf, lengthOf, ticksOf } from './lanes';

const MINUTE = 60_000_000;
const person = (id: string) => ({ person_id: id, name: `${id} Example` });

function entry(minute: number, what: WhatIfEntry['what'], people: string[], level = 'L1'): WhatIfEntry {
  return {
    at_us: minute * MINUTE,
    what,
    level: level as WhatIfEntry['level'],
    step: 1,
    people: people.map(person),
    channel: null,
    until_us: null,
    holes: what === 'fell_through' ? ['nobody has the role x'] : [],
    text: what,
    detail: null,
  };
}

function run(entries: WhatIfEntry[]): WhatIf {
  return {
    at_us: 0,
    severity: 'sev3',
    customer_facing: false,
    company_wide: false,
    policy: 'escalation',
    rule: null,
    end: 'answered',
    to_human_us: null,
    answered_by: null,
    answered_at: null,
    exhausted_us: null,
    again_us: null,
    asked: [],
    entries,
    config_version: 1,
  };
}

describe('lanes', () => {
  test('silence ends where the step does, and an answer ends the waiting of the one who gives it', () => {
    const lanes = lanesOf(
      run([
        entry(0, 'paged', ['ann']),
        entry(5, 'silent', ['ann']),
        entry(5, 'paged', ['bob', 'cid'], 'L2'),
        entry(7, 'answered', ['bob'], 'L2'),
      ]),
    );
    expect(lanes.map((lane) => [lane.label, lane.spans.map((span) => span.end)])).toEqual([
      ['L1 ann E.', ['silent']],
      ['L2 bob E.', ['answered']],
      ['L2 cid E.', ['waiting']],
    ]);
    expect(lanes[1]?.marks.map((mark) => mark.kind)).toEqual(['answer']);
  });

  test('somebody paged again has been silent, and lower levels stand above higher ones', () => {
    const lanes = lanesOf(
      run([
        entry(0, 'paged', ['zoe'], 'L2'),
        entry(0, 'paged', ['ann']),
        entry(5, 'paged', ['ann']),
        entry(9, 'exhausted', [], 'L1'),
      ]),
    );
    expect(lanes.map((lane) => lane.key)).toEqual(['L1 ann', 'L2 zoe']);
    expect(lanes[0]?.spans.map((span) => span.end)).toEqual(['silent', 'waiting']);
    expect(lanes[0]?.spans.at(-1)?.toUs).toBe(9 * MINUTE);
  });

  test('a step that reaches nobody has a lane of its own that says why', () => {
    const [lane] = lanesOf(run([entry(3, 'fell_through', [])]));
    expect(lane?.marks[0]?.kind).toBe('fell');
    expect(lane?.marks[0]?.text).toContain('nobody has the role x');
  });
});

test('the axis reaches the end of the run with few lines', () => {
  expect(ticksOf(run([entry(0, 'opened', [])]))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(ticksOf(run([entry(63, 'answered', ['ann'])]))).toEqual([0, 15, 30, 45, 60, 75]);
});

test('a time to a human reads as people say it', () => {
  expect([0, 90, 300, 3_900].map((s) => lengthOf(s * 1_000_000))).toEqual([
    '0 s',
    '1 min 30 s',
    '5 min',
    '1 h 05 min',
  ]);
});
