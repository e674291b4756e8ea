// The policy as code, in the browser: two people change one object, a conflict is settled, and what was is
// brought back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, serious, signedIn } from './browser.mjs';
import { start, until } from './server.mjs';

const desk = { viewport: { width: 1280, height: 900 } };
const role = '/pack/objects/role/ir_lead';
const address = '/policy?kind=role&id=ir_lead';

let browser;
let server;
let page;

before(async () => {
  browser = await launch();
  server = await start();
  page = await signedIn(browser, server, desk);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const shot = async (of, name) => {
  const folder = process.env.DECURION_SHOTS;
  if (folder) await of.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
};

const written = () => server.call('GET', role);

/** What somebody else does meanwhile, through the API. */
async function elsewhere(change, reason) {
  const { text } = await written();
  const changed = change(text);
  assert.notEqual(changed, text);
  await server.call('PUT', role, { text: changed, reason });
}

/** Opens the object, begins a change of its text, and gives the dialog. */
async function change(of, edit) {
  await of.goto(address);
  await of.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = of.getByRole('dialog');
  const editor = dialog.getByRole('textbox', { name: 'YAML' });
  await editor.fill(edit(await editor.inputValue()));
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A new lead');
  return dialog;
}

const save = (dialog) => dialog.getByRole('button', { name: 'Save as a new version' });

test('changes of other objects do not stand in the way, and the preview says whose shifts move', async () => {
  const dialog = await change(page, (text) => text.replace('Incident Response Lead', 'Response Lead'));
  await dialog.getByRole('button', { name: 'Check and preview' }).click();
  await dialog.getByText("Nobody's shifts change in the next 90 days.").waitFor();
  const ciso = await server.call('GET', '/pack/objects/role/ciso');
  const text = ciso.text.replace(/name: [^,\n]+/, 'name: Head of Security');
  await server.call('PUT', '/pack/objects/role/ciso', { text, reason: 'A title' });
  await save(dialog).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.match((await written()).text, /name: Response Lead/);
  assert.equal((await server.call('GET', '/pack/objects/role/ciso')).text, text);
});

test('a conflict is shown with both sides, settled line by line, and saved over the newest version', async () => {
  await elsewhere(
    () =>
      '# Who leads.\nid: ir_lead\nname: Response Lead\nholders: [mateus]\ndeputies: [yuki, ingrid, anneli]\n',
    'One line each',
  );
  const dialog = await change(page, (text) =>
    text
      .replace('# Who leads.', '# Who leads an incident.')
      .replace('[mateus]', '[yuki]')
      .replace('[yuki, ', '[mateus, '),
  );
  await elsewhere(
    (text) =>
      text.replace('[mateus]', '[anneli]').replace('[yuki, ingrid, anneli]', '[yuki, ingrid, mateus]'),
    'Mateus is away',
  );
  await save(dialog).click();
  const both = dialog.getByRole('region', { name: 'Both sides changed' });
  await both.getByText('Meanwhile role ir_lead was changed').waitFor();
  await both.getByText('Mateus is away').waitFor();
  await both.getByText('Only you changed').waitFor();
  await both.getByText('1 conflict to settle.').waitFor();
  assert.ok(await save(dialog).isDisabled(), 'an open conflict cannot be saved');
  assert.deepEqual(await serious(page), []);
  await shot(page, 'policy-conflict-1280-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, 'policy-conflict-1280-dark');
  await page.emulateMedia({ colorScheme: 'light' });

  await both.getByText('Take theirs', { exact: true }).click();
  await both.getByRole('button', { name: 'Bring both together' }).click();
  const editor = dialog.getByRole('textbox', { name: 'YAML' });
  const merged =
    '# Who leads an incident.\nid: ir_lead\nname: Response Lead\nholders: [anneli]\ndeputies: [yuki, ingrid, mateus]\n';
  assert.equal(await editor.inputValue(), merged);
  await save(dialog).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await written()).text, merged);
});

test('the history says who changed what and why, and brings back what was', async () => {
  await page.goto(address);
  const history = page
    .locator('section, div')
    .filter({ has: page.getByRole('heading', { name: 'History' }) });
  await history
    .getByText(/changed by .*A new lead/)
    .first()
    .waitFor();
  await history
    .getByText(/Mateus is away/)
    .first()
    .waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, 'policy-1280-light');
  await page.getByRole('button', { name: 'Restore', exact: true }).last().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It becomes what it was in version 1.').waitFor();
  await dialog.getByText('decurion restore role ir_lead --to 1').waitFor();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Mateus is back');
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: 'Restore from version 1' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText(/restored by .*Mateus is back/).waitFor();
  const { text } = await until('the old text', async () => {
    const now = await written();
    return now.text.includes('name: Incident Response Lead') && now;
  });
  assert.match(text, /holders: \[mateus\]/);
  // Only this object came back.
  assert.match((await server.call('GET', '/pack/objects/role/ciso')).text, /Head of Security/);

  await page.getByRole('link', { name: /Mateus is back/ }).click();
  await page.getByText(/role ir_lead holders: .* becomes/).waitFor();
  await shot(page, 'policy-version-1280-light');
  assert.deepEqual(page.faults, []);
});

test('the same on a phone, in the dark and in the light', async () => {
  const phone = await signedIn(browser, server, {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  await phone.goto(address);
  await phone.getByText(/restored by/).waitFor();
  const wide = () => phone.evaluate(() => document.documentElement.scrollWidth);
  assert.ok((await wide()) <= 390, `${await wide()} px`);
  assert.deepEqual(await serious(phone), []);
  await shot(phone, 'policy-390-dark');
  const text = await phone.getByRole('region', { name: 'role ir_lead as YAML' }).boundingBox();
  assert.ok(text.y < 400, 'what was chosen stands above the lists');
  const dialog = await change(phone, (text) => text.replace('Incident Response Lead', 'First'));
  await elsewhere((text) => text.replace('Incident Response Lead', 'Second'), 'A name');
  await save(dialog).click();
  await dialog.getByText('1 conflict to settle.').waitFor();
  assert.ok((await wide()) <= 390, `${await wide()} px`);
  assert.deepEqual(await serious(phone), []);
  await shot(phone, 'policy-conflict-390-dark');
  await phone.emulateMedia({ colorScheme: 'light' });
  await shot(phone, 'policy-conflict-390-light');
  await dialog.getByText('Keep yours', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Bring both together' }).click();
  await save(dialog).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.match((await written()).text, /name: First/);
  assert.deepEqual(phone.faults, []);
  await phone.context().close();
});
