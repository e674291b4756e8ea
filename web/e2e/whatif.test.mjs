// What would happen, and what duty cost: as a person asks.

import assert from 'node:assert/strict';
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
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

test('a silent person makes a human come later, and the worst moment is one click away', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  await page.goto('/whatif');
  await page.getByText('A human is reached at once').first().waitFor();
  const first = await page
    .getByRole('list', { name: 'What would happen' })
    .getByText(/^Paged /)
    .textContent();
  const name = first.replace(/^Paged (\S+) .*$/, '$1');
  await page
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
  await page.getByText('A human is reached after 5 min').first().waitFor();
  await page
    .getByText(/^No answer from/)
    .first()
    .waitFor();
  await page.locator('dt', { hasText: /^5 min$/ }).waitFor();
  await page.getByRole('button', { name: 'Show the worst moment' }).click();
  await page.waitForURL(/whatif\?at=\d+/);
  await page.getByText('A human is reached after 5 min').first().waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, 'whatif-1280-light');

  // Every person silent: the ladder has nobody, and says when it would begin again.
  const answering = page.locator('fieldset button[aria-pressed="false"]');
  while ((await answering.count()) > 0) await answering.first().click();
  await page.getByText('Nobody answers').first().waitFor();
  await page.getByText('The ladder would begin again').first().waitFor();
  await shot(page, 'whatif-1280-nobody');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('the same on a phone and in the dark, and the palette leads there', async () => {
  const page = await signedIn(browser, server, {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  await page.goto('/whatif');
  await page.getByText('A human is reached at once').first().waitFor();
  await page.getByText('Longest time to a human').waitFor();
  assert.deepEqual(await serious(page), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px`);
  await shot(page, 'whatif-390-dark');
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: 'Search or run a command' }).fill('Load');
  await page.getByRole('option', { name: /^Load/ }).first().click();
  await page.getByText('Largest over mean').first().waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, 'load-390-dark');
  await page.context().close();
});

test('load shows everybody to whoever configures, and the export is a file', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  await page.goto('/load');
  await page.getByRole('table', { name: 'Load by person' }).waitFor();
  assert.equal(await page.getByRole('table', { name: 'Load by person' }).getByRole('row').count(), 1 + 8 + 1);
  await page.getByText('Next to be asked').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export for pay' }).click(),
  ]);
  assert.equal(file.suggestedFilename(), 'decurion-load.csv');
  assert.deepEqual(await serious(page), []);
  await shot(page, 'load-1280-light');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});
