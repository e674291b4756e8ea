import type { WhatIfRequest } from '@/api/types';
import { cli } from '@/lib/cli';

/** What the form holds. */
export interface Fields {
  /** Null: now, whenever that is. */
  atMs: number | null;
  integration: string | null;
  alertSeverity: string | null;
  /** Null: the routing decides. */
  severity: string | null;
  customerFacing: boolean;
  companyWide: boolean;
  labels: string;
  policy: string | null;
  silent: readonly string[];
  absent: readonly string[];
  down: readonly string[];
  reactionS: number;
}

export const blank: Fields = {
  atMs: null,
  integration: null,
  alertSeverity: null,
  severity: null,
  customerFacing: false,
  companyWide: false,
  labels: '',
  policy: null,
  silent: [],
  absent: [],
  down: [],
  reactionS: 0,
};

/** `account=prod, type=x` as labels; what has no `=` is left out. */
export function labelsOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((part) => {
    const at = part.indexOf('=');
    return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const] : [];
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}

type Asked = Pick<WhatIfRequest, 'alert' | 'assume'>;

/** The alert and what is assumed, as the API takes them. */
export function askedOf(fields: Fields): Asked {
  type Alert = NonNullable<Asked['alert']>;
  return {
    alert: {
      integration: fields.integration,
      alert_severity: fields.alertSeverity as Alert['alert_severity'],
      severity: fields.severity as Alert['severity'],
      customer_facing: fields.customerFacing || null,
      company_wide: fields.companyWide || null,
      labels: labelsOf(fields.labels),
      policy: fields.policy,
    },
    assume: {
      silent: [...fields.silent],
      absent: [...fields.absent],
      channels_down: [...fields.down] as NonNullable<Asked['assume']>['channels_down'],
      reaction_s: fields.reactionS,
    },
  };
}

/** The command that asks the same. */
export function commandOf(fields: Fields, sweep = false): string {
  return cli('whatif', [], {
    at: fields.atMs === null || sweep ? undefined : new Date(fields.atMs).toISOString(),
    kind: fields.integration,
    severity: fields.severity ?? fields.alertSeverity,
    label: Object.entries(labelsOf(fields.labels)).map(([name, value]) => `${name}=${value}`),
    'customer-facing': fields.customerFacing || undefined,
    'company-wide': fields.companyWide || undefined,
    policy: fields.policy,
    silent: fields.silent.join(','),
    absent: fields.absent.join(','),
    down: fields.down.join(','),
    reaction: fields.reactionS > 0 ? `${fields.reactionS}s` : undefined,
    sweep: sweep || undefined,
  });
}
