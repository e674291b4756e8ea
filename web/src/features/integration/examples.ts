/** The kinds of integration, as people choose them. */
export const kinds = [
  {
    value: 'pagerduty',
    label: 'PagerDuty Events API v2',
    hint: 'Any PagerDuty client: change its URL and routing key.',
  },
  {
    value: 'opsgenie',
    label: 'Opsgenie Alert API',
    hint: 'Any Opsgenie client: change its API URL and its GenieKey.',
  },
  {
    value: 'alertmanager_webhook',
    label: 'Alertmanager webhook',
    hint: 'A webhook receiver of Prometheus Alertmanager.',
  },
  {
    value: 'alertmanager_api',
    label: 'Alertmanager API',
    hint: 'Prometheus itself sends here, as to an Alertmanager.',
  },
  {
    value: 'aws_sns',
    label: 'Amazon SNS',
    hint: 'Topics with CloudWatch alarms, GuardDuty, Security Hub or anything else.',
  },
  {
    value: 'generic',
    label: 'Generic JSON',
    hint: 'Any JSON body, read by a mapping that you try out here.',
  },
] as const;

export function kindName(kind: string): string {
  return kinds.find((known) => known.value === kind)?.label ?? kind;
}

function curl(url: string, body: unknown, header = ''): string {
  return `curl -X POST '${url}' \\\n  -H 'content-type: application/json' \\\n${header}  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`;
}

const title = 'Root console sign-in without MFA';

function alertmanagerWebhook(url: string): string {
  const alert = {
    status: 'firing',
    labels: { alertname: 'RootSignIn', severity: 'critical' },
    annotations: { summary: title },
    startsAt: '2026-01-01T00:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: 'a1b2c3d4e5f60718',
  };
  const common = { groupLabels: {}, commonLabels: alert.labels, commonAnnotations: alert.annotations };
  return curl(url, {
    version: '4',
    groupKey: '{}:{alertname="RootSignIn"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'decurion',
    ...common,
    externalURL: '',
    alerts: [alert],
  });
}

/** Clients of Opsgenie append `/v2/alerts` to their API URL; its key is a header. */
function opsgenie(url: string, key: string): string {
  const body = { message: title, alias: 'root-signin-1', source: 'aws:222233334444', priority: 'P1' };
  return curl(url, body, `  -H 'authorization: GenieKey ${key}' \\\n`);
}

/** Prometheus appends its own path to the address that it is given. */
function alertmanagerApi(url: string): string {
  const address = url.endsWith('/api/v2/alerts') ? url : `${url}/api/v2/alerts`;
  return curl(address, [
    { labels: { alertname: 'RootSignIn', severity: 'critical' }, annotations: { summary: title } },
  ]);
}

/** A first alert by curl for an integration of this kind. */
export function curlExample(kind: string, url: string, key: string): string {
  switch (kind) {
    case 'pagerduty':
      return curl(url, {
        routing_key: key,
        event_action: 'trigger',
        dedup_key: 'root-signin-1',
        payload: { summary: title, source: 'aws:222233334444', severity: 'critical' },
      });
    case 'opsgenie':
      return opsgenie(url, key);
    case 'alertmanager_webhook':
      return alertmanagerWebhook(url);
    case 'alertmanager_api':
      return alertmanagerApi(url);
    default:
      return curl(url, { title, severity: 'critical', id: 'root-signin-1', account: '222233334444' });
  }
}
