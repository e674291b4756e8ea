import { expect, test } from 'vitest';
import { askedOf, blank, commandOf, labelsOf } from './form';

test('labels are pairs with commas between', () => {
  expect(labelsOf('account=prod, type=a=b, =x, y')).toEqual({ account: 'prod', type: 'a=b' });
});

test('what is left open is left to the routing', () => {
  expect(askedOf(blank)).toEqual({
    alert: {
      integration: null,
      alert_severity: null,
      severity: null,
      customer_facing: null,
      company_wide: null,
      labels: {},
      policy: null,
    },
    assume: { silent: [], absent: [], channels_down: [], reaction_s: 0 },
  });
});

test('the command line asks the same', () => {
  const fields = {
    ...blank,
    atMs: 0,
    severity: 'sev2',
    silent: ['ann', 'bob'],
    reactionS: 60,
    companyWide: true,
  };
  expect(commandOf(fields)).toBe(
    'decurion whatif --at 1970-01-01T00:00:00.000Z --severity sev2 --company-wide --silent ann,bob --reaction 60s',
  );
});
