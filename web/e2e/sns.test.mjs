// Topics of Amazon SNS, set up as a newcomer would.

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

const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';

test('a topic is listed, its subscription is shown to be made, and another is added', async () => {
  const page = await signedIn(browser, server, { viewport: { width: 1280, height: 900 } });
  await page.goto('/integrations');
  await page.getByRole('button', { name: /^Create/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('AWS, production');
  await dialog.getByText('Amazon SNS').click();
  const topics = dialog.getByRole('textbox', { name: 'Topics' });
  const create = dialog.getByRole('button', { name: 'Create', exact: true });
  await dialog.getByText('At least one topic is needed.').waitFor();
  await topics.fill('arn:aws:sqs:eu-west-1:111122223333:alarms');
  await dialog.getByText(/sqs.* is not the ARN of a topic/).waitFor();
  assert.ok(await create.isDisabled());
  await topics.fill(topic);
  await shot(page, 'sns-form');
  assert.deepEqual(await serious(page), []);
  await create.click();
  const steps = page.getByRole('list', { name: 'Set-up of Amazon SNS' });
  await steps.getByText(`--topic-arn ${topic}`).first().waitFor();
  await steps.getByText(/integrations\/[0-9a-f]{32}\/sns/).waitFor();
  await page.getByRole('button', { name: 'I have copied it' }).click();

  const taken = page.getByRole('textbox', { name: 'Topics that are taken' });
  assert.equal(await taken.inputValue(), topic);
  await taken.fill(`${topic}\n${topic}-2`);
  await page.getByRole('button', { name: 'Save topics' }).click();
  await page.getByText('Saved.').waitFor();
  await shot(page, 'sns-topics');
  const known = (await server.call('GET', '/integrations')).items.find((each) => each.kind === 'aws_sns');
  assert.deepEqual(known.topics, [topic, `${topic}-2`]);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.faults, []);
});
