// The whole story, as a person sees it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, serious, signedIn } from './browser.mjs';
import { start, until } from './server.mjs';

let browser;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

const level = (page, name) =>
  page.getByRole('list', { name: 'Levels' }).getByRole('listitem').filter({ hasText: name });

test('an alert becomes a page, a link answers it, and the case climbs to the executives and ends', async () => {
  const server = await start();
  try {
    const page = await signedIn(browser, server);
    await server.alert('Root login without MFA');
    const { reference } = await server.incident('Root login without MFA');

    // It appears on the Board by itself.
    await page.getByText('Root login without MFA').first().waitFor();

    // The mailbox holds what the person on call received; the link in it answers, in a browser without session.
    const mail = await until('the page', async () => (await server.call('GET', '/mailbox')).items[0]);
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(mail.acknowledge_url);
    assert.deepEqual(await serious(stranger), []);
    assert.equal(
      (await server.call('GET', `/incidents/${reference}`)).status,
      'triggered',
      'opening a link is no answer',
    );
    await stranger.getByRole('button', { name: /acknowledge/i }).click();
    await until(
      'the answer',
      async () => (await server.call('GET', `/incidents/${reference}`)).status === 'acknowledged',
    );
    await stranger.context().close();

    // The console shows it without being asked.
    await page.goto(`/incidents/${reference}`);
    await level(page, 'L1')
      .getByText(/answered/i)
      .first()
      .waitFor();

    // Judgement: sev1 engages L2 and L3 at once.
    await page
      .getByRole('button', { name: /^Classify/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('SEV1', { exact: true }).click();
    await dialog.getByLabel('Customer-facing').check();
    await dialog.getByLabel('Reason').fill('Customers cannot sign in');
    await dialog.getByRole('button', { name: 'Classify', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until('L3', async () => (await server.call('GET', `/incidents/${reference}`)).level === 'L3');
    await page.getByText('Customers cannot sign in').first().waitFor();

    // Company-wide: the CISO and the CTO are told, with the brief.
    await page
      .getByRole('button', { name: /^Classify/ })
      .first()
      .click();
    await dialog.getByLabel('Company-wide').check();
    await dialog.getByRole('button', { name: 'Classify', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await until(
      'executive',
      async () => (await server.call('GET', `/incidents/${reference}`)).level === 'executive',
    );
    const told = (await server.call('GET', `/incidents/${reference}/pages`)).items.filter(
      (each) => each.level === 'executive',
    );
    assert.deepEqual([...new Set(told.map((each) => each.kind))], ['tell']);
    const { roles } = await server.call('GET', '/organisation');
    for (const id of ['ciso', 'cto']) {
      const holders = roles.find((role) => role.id === id).holders;
      assert.ok(
        told.some((page) => holders.includes(page.person_id)),
        `${id} is told`,
      );
    }
    assert.deepEqual(await serious(page), []);

    // The end, with a judgement.
    await page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .click();
    await dialog.getByRole('radio').first().check();
    await dialog.getByRole('button', { name: 'Resolve', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Resolved. Notes and links still go into the record.').waitFor();
    assert.equal((await server.call('POST', '/journal/verify', {})).ok, true);
    assert.deepEqual(page.faults, []);
  } finally {
    await server.stop();
  }
});

test('a silence climbs from L1 to L2 by itself, and the console shows it live', async () => {
  const server = await start({ step_s: 3 });
  try {
    const page = await signedIn(browser, server);
    await server.alert('Nobody looks at this');
    const { reference } = await server.incident('Nobody looks at this');
    await page.goto(`/incidents/${reference}`);
    await level(page, 'L1')
      .getByText(/^paged/)
      .first()
      .waitFor();
    await level(page, 'L2')
      .getByText(/^paged/)
      .first()
      .waitFor({ timeout: 30_000 });
    const incident = await server.call('GET', `/incidents/${reference}`);
    assert.ok(['L2', 'L3', 'executive'].includes(incident.level));
    const paged = (await server.call('GET', `/incidents/${reference}/pages`)).items.filter(
      (each) => each.level === 'L2',
    );
    assert.equal(paged.length >= 2, true, 'the Senior SOC Engineer and the IR Lead');
    assert.deepEqual(page.faults, []);
  } finally {
    await server.stop();
  }
});

test('axe finds nothing serious on any page, in light and in dark, on a phone and on a desk', async () => {
  const server = await start();
  try {
    await server.alert('Something to show');
    const { reference } = await server.incident('Something to show');
    const paths = [
      '/',
      '/alerts',
      '/incidents',
      `/incidents/${reference}`,
      '/oncall',
      '/integrations',
      '/mailbox',
      '/journal',
    ];
    for (const colorScheme of ['light', 'dark']) {
      for (const viewport of [
        { width: 390, height: 844 },
        { width: 1280, height: 800 },
      ]) {
        const page = await signedIn(browser, server, { colorScheme, viewport });
        for (const path of paths) {
          await page.goto(path);
          await page.waitForLoadState('domcontentloaded');
          await page.locator('main').waitFor();
          await page.waitForTimeout(300);
          assert.deepEqual(await serious(page), [], `${path}, ${colorScheme}, ${viewport.width} px`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wide <= 0, `${path} is ${wide} px wider than a screen of ${viewport.width} px`);
        }
        assert.deepEqual(page.faults, [], `${colorScheme}, ${viewport.width} px`);
        await page.context().close();
      }
    }
  } finally {
    await server.stop();
  }
});
