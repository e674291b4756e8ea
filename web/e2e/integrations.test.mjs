// Three vendors set up as somebody would who does it for the first time: from the page alone.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, serious, signedIn } from './browser.mjs';
import { start } from './server.mjs';

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await start();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const shot = async (page, name) => {
  const folder = process.env.DECURION_SHOTS;
  if (!folder) return;
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
};

/** Makes an integration in the form and gives what its steps say to paste, in order. */
async function setUp(page, name, vendor) {
  await page.goto('/integrations');
  await page
    .getByRole('button', { name: /^Create/ })
    .first()
    .click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByRole('radio', { name: vendor }).check();
  await shot(page, `integration-form-${name}`);
  assert.deepEqual(await serious(page), []);
  await form.getByRole('button', { name: /^Create/ }).click();
  const steps = page.getByRole('dialog').getByRole('list', { name: `Set-up of ${vendor}` });
  await steps.waitFor();
  await shot(page, `integration-steps-${name}`);
  assert.deepEqual(await serious(page), []);
  const pastes = await steps.locator('pre').allTextContents();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  return pastes;
}

async function sent(answer) {
  const response = await answer;
  assert.ok(response.ok, `${response.status} ${await response.text()}`);
}

/** The test alert goes the whole way, and the page says that something arrived. */
async function tested(page, name) {
  await page.getByText('Nothing arrived yet', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Send a test alert' }).click();
  await page
    .getByRole('status')
    .getByText(/INC-\d+/)
    .waitFor();
  await page
    .getByText(/^Last signal/)
    .first()
    .waitFor();
  await server.incident(`Test of ${name}`);
}

test('Heartbeat: its address is all that a job needs, and a job that falls silent is shown', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  const [url] = await setUp(page, 'Backup', 'Heartbeat');
  await page.getByText('Nothing arrived yet', { exact: true }).first().waitFor();
  await sent(fetch(url));
  await page
    .getByText(/^Last signal/)
    .first()
    .waitFor();
  assert.equal(await page.getByLabel('Open an alert when nothing arrives for').first().inputValue(), '1 h');

  const body = { name: 'Certificates', kind: 'heartbeat', quiet_after_s: 10 };
  const made = await server.call('POST', '/integrations', body);
  await server.incident('Certificates has been quiet for 10s');
  await page.goto(`${server.url}/integrations?open=${made.id}`);
  await page.getByText(/^Quiet: something should have arrived/).waitFor();
  await shot(page, 'integration-heartbeat');
});

test('GitHub: the address and the secret of the steps are all that it needs', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  const [url, secret] = await setUp(page, 'Code', 'GitHub security alerts');
  await tested(page, 'Code');
  const alert = {
    number: 42,
    secret_type: 'aws_access_key_id',
    html_url: 'https://github.com/octo-org/shop/42',
  };
  const body = JSON.stringify({ action: 'created', alert, repository: { full_name: 'octo-org/shop' } });
  const post = (headers) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  assert.equal((await post({})).status, 401);
  const mac = createHmac('sha256', secret).update(body).digest('hex');
  await sent(post({ 'x-hub-signature-256': `sha256=${mac}` }));
  await server.incident('Secret found: aws_access_key_id in octo-org/shop');

  // Who comes later finds the steps, without key and secret.
  await page.reload();
  const later = page.getByRole('list', { name: 'Set-up of GitHub security alerts' });
  await later.getByText('/integrations/KEY/events').waitFor();
  await later.getByText('SECRET', { exact: true }).waitFor();
  assert.equal(await page.getByText(secret).count(), 0);
  await shot(page, 'integration-detail');
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('Grafana: a contact point with the address of the steps', async () => {
  const page = await signedIn(browser, server);
  const [url] = await setUp(page, 'Dashboards', 'Grafana alerting');
  await tested(page, 'Dashboards');
  const alert = {
    status: 'firing',
    labels: { alertname: 'Memory' },
    annotations: {},
    fingerprint: 'c6eadffa33fcdf37',
  };
  const body = {
    version: '1',
    orgId: 1,
    status: 'firing',
    alerts: [alert],
    externalURL: '',
    truncatedAlerts: 0,
  };
  await sent(fetch(url, { method: 'POST', body: JSON.stringify(body) }));
  await server.incident('Memory');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('GoAlert: the address of the steps takes its form; what cannot be read is shown where it was set up', async () => {
  const page = await signedIn(browser, server);
  const [url, key] = await setUp(page, 'Scripts', 'GoAlert generic API');
  assert.ok(url.endsWith(`?token=${key}`));
  await tested(page, 'Scripts');
  await sent(
    fetch(url, { method: 'POST', body: new URLSearchParams({ summary: 'Backup failed', dedup: 'backup' }) }),
  );
  await server.incident('Backup failed');
  const bad = await fetch(url, { method: 'POST', body: new URLSearchParams({ details: 'no summary' }) });
  assert.equal(bad.status, 400);
  await page.reload();
  await page.getByText('not understood', { exact: true }).first().click();
  await page.getByText('mapping.dedup_key').first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a change that a pipeline told of stands where a responder looks', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  await server.alert('Checkout answers with errors');
  const links = [{ href: 'https://ci.example/220', text: 'Build 220' }];
  const payload = { summary: 'Deploy of shop 1.2', source: 'ci-7', custom_details: { commit: 'a1b2c3' } };
  const body = JSON.stringify({ routing_key: server.key, payload, links });
  await sent(fetch(`${server.url}/v2/change/enqueue`, { method: 'POST', body }));
  const { reference } = await server.incident('Checkout answers with errors');
  await page.goto(`/incidents/${reference}`);
  const changes = page.getByRole('list', { name: 'Recent changes' });
  await changes.getByText('Deploy of shop 1.2').waitFor();
  await changes.getByRole('link', { name: 'Build 220' }).waitFor();
  await changes.getByText('commit=a1b2c3').waitFor();
  await shot(page, 'recent-changes');
  assert.deepEqual(await serious(page), []);
  const alert = (await server.call('GET', '/alerts')).items.find((each) => each.title.startsWith('Checkout'));
  await page.goto(`/alerts/${alert.id}`);
  await changes.getByText('Deploy of shop 1.2').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
