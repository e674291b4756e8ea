// What pages nobody for a while, as a person sees it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, serious, signedIn } from './browser.mjs';
import { start, until } from './server.mjs';

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
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

test('an alert is silenced, held back where everybody sees it, and raised when the silence is ended', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  await server.alert('Disk of db-7 is almost full', 'warning');
  const first = await until('the alert', async () => (await server.call('GET', '/alerts')).items[0]);

  // From the alert, its integration and key are filled in; other matchers are written.
  await page.goto(`/alerts/${first.id}`);
  await page.getByRole('button', { name: 'Silence…' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByLabel('Value of matcher 2').inputValue(), first.dedup_key);
  await dialog.getByText('1 open alert and 1 of the last 1 alert').waitFor();
  await dialog.getByLabel('Name of matcher 2').fill('title');
  await dialog.getByLabel('Operator of matcher 2').click();
  await page.getByRole('option', { name: '=~', exact: true }).click();
  await dialog.getByLabel('Value of matcher 2').fill('Disk of db-[');
  await dialog.getByText(/no regular expression/).waitFor();
  await dialog.getByLabel('Value of matcher 2').fill('Disk of db-.*');
  await dialog.getByText('1 open alert and 1 of the last 1 alert').waitFor();
  await dialog.getByLabel('Why nobody needs to be paged').fill('The disks are being replaced');
  await shot(page, 'quiet-form');
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });

  // The next one is held back, and the page says what it would have opened.
  await server.alert('Disk of db-8 is almost full', 'warning');
  await server.alert('Root login without MFA');
  await server.incident('Root login without MFA');
  await page.goto('/quiet');
  const held = page.getByRole('table', { name: 'Held back now' });
  await held.getByText('Disk of db-8 is almost full').waitFor();
  await held.getByText(/^SEV\d$/).waitFor();
  assert.equal(await held.getByText('Disk of db-7').count(), 0, 'what was open keeps its incident');
  assert.equal(await held.getByText('Root login').count(), 0);
  const silences = page.getByRole('list', { name: 'Silences' });
  await silences.getByText('holds back 1 alert').waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, 'quiet-1280');
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await shot(page, `quiet-${width}-${scheme}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });

  // Ended, it is raised.
  await silences.getByRole('button', { name: /^End now/ }).click();
  await page.getByText('Nothing is silenced: every alert pages.').waitFor();
  await page.getByText('Nothing is held back.').waitFor();
  const { reference } = await server.incident('Disk of db-8 is almost full');
  assert.ok(reference);
  await page.context().close();
});

test('a maintenance window is made in advance, and the page says when it holds', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  await page.goto('/quiet');
  await page.getByRole('button', { name: 'Silence alerts…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Value of matcher 1').fill('db-9');
  await dialog.getByRole('button', { name: '1 year' }).click();
  await dialog.getByText(/^When it holds, .*: always$/).waitFor();
  await dialog.getByRole('button', { name: 'Add hours' }).click();
  for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']) await dialog.getByText(day, { exact: true }).click();
  await dialog.getByLabel('Hours: begins at').fill('2:00');
  await dialog.getByLabel('Why nobody needs to be paged').fill('Failover tests');
  await dialog.getByText('Write hours as in 02:00.').waitFor();
  await dialog.getByLabel('Hours: begins at').fill('02:00');
  await dialog.getByLabel('Hours: ends at').fill('04:00');
  await dialog.getByText(/--every 'sat,sun 02:00-04:00'/).waitFor();
  await shot(page, 'quiet-window-form');
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const silences = page.getByRole('list', { name: 'Silences' });
  await silences.getByText(/^Sat, Sun 02:00–04:00, /).waitFor();
  await silences.getByText(/holds (next|until)/).waitFor();
  assert.deepEqual(await serious(page), []);
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await shot(page, `quiet-window-${width}-${scheme}`);
    }
  }
  await page.context().close();
});
