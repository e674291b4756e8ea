// Planning on-call with the pointer, the keyboard and the lists: what a person drags is what the server holds.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, serious, signedIn } from './browser.mjs';
import { start, until } from './server.mjs';

const desk = { viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Stockholm' };
const HOUR_US = 3_600_000_000;

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

/** The strips of the calendar from the second one on: all of it is in the future. */
async function nextWeek() {
  const week = page.getByRole('region', { name: /^Week \d+$/ }).nth(1);
  await week.locator('button[data-block]').first().waitFor();
  return week;
}

const overrides = async () => (await server.call('GET', '/schedules/l1/overrides')).items;

/** Who is on call on a schedule at an instant, by the server. */
async function onCallAt(schedule, at_us) {
  const { schedules } = await server.call('GET', `/oncall?from_us=${at_us}&to_us=${at_us + 1}`);
  const { shifts } = schedules.find((each) => each.id === schedule);
  return shifts.flatMap((shift) => shift.people.map((person) => person.person_id));
}

/** Presses at one place, moves to another in steps as a hand does, and lets go. */
async function drag(from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

/** A block of the schedule `l1` that is wide enough for a hand, with its box and what it says. */
async function wide(week) {
  for (const block of await week.locator('button[data-block^="l1 "]').all()) {
    const box = await block.boundingBox();
    const [, startUs, personId] = (await block.getAttribute('data-block')).split(' ');
    if (box.width > 34 && box.x > 300) return { block, box, startMs: Number(startUs) / 1000, personId };
  }
  throw new Error('no block is wide enough');
}

test('a stretch that is drawn over a shift becomes an override of that stretch', async () => {
  await page.goto('/oncall');
  const { box, personId } = await wide(await nextWeek());
  const y = box.y + box.height / 2;
  await drag({ x: box.x + 12, y }, { x: box.x + box.width - 12, y: y + 1 });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Override a shift' }).waitFor();
  await dialog
    .getByRole('button', { name: /^Choose / })
    .first()
    .click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Dentist');
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: 'Override', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const [entered] = await until('the override', async () => {
    const found = await overrides();
    return found.length > 0 && found;
  });
  assert.equal(entered.kind, 'replace');
  assert.equal(entered.person_id, personId);
  assert.equal(entered.reason, 'Dentist');
  assert.equal(entered.start_us % HOUR_US, 0, 'a drag settles on whole hours');
  assert.deepEqual(await onCallAt('l1', entered.start_us), [entered.by_person_id]);
  assert.deepEqual(await onCallAt('l1', entered.end_us - 1), [entered.by_person_id]);
  assert.deepEqual(await onCallAt('l1', entered.start_us - 1), [personId], 'before it, all is as it was');
  await page.getByText('Dentist').first().waitFor();
  await server.call('DELETE', `/schedules/l1/overrides/${entered.id}`);
});

test('an edge that is dragged cuts the shift, and a shift that is dropped on a person changes hands', async () => {
  await page.goto('/oncall?view=people');
  const { box, startMs, personId } = await wide(await nextWeek());
  const y = box.y + box.height / 2;
  const dialog = page.getByRole('dialog');
  await drag({ x: box.x + box.width - 2, y }, { x: box.x + box.width / 2, y });
  await dialog.waitFor();
  assert.ok(!(await dialog.getByLabel('From,').inputValue()).startsWith('1970'));
  assert.match(await dialog.getByLabel('Takes it').inputValue(), /\S/, 'the next one takes what is cut off');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  const heir = page
    .getByRole('region', { name: /^Week \d+$/ })
    .nth(1)
    .locator(`button[data-person]:not([data-person="${personId}"])`);
  const target = await heir.first().boundingBox();
  const heirId = await heir.first().getAttribute('data-person');
  await drag({ x: box.x + 12, y }, { x: box.x + 13, y: target.y + 10 });
  await dialog.getByRole('heading', { name: 'Override a shift' }).waitFor();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('They agreed');
  await dialog.getByRole('button', { name: 'Override', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const [entered] = await overrides();
  assert.deepEqual(
    [entered.person_id, entered.by_person_id, entered.start_us],
    [personId, heirId, startMs * 1000],
  );
  assert.deepEqual(await onCallAt('l1', entered.start_us), [heirId]);
  await server.call('DELETE', `/schedules/l1/overrides/${entered.id}`);
});

test('without a pointer: arrows reach a shift, Enter opens it, and the form does the rest', async () => {
  await page.goto('/oncall');
  const week = await nextWeek();
  await week.locator('button[data-block]').first().focus();
  const before = await page.evaluate(() => document.activeElement.dataset.block);
  await page.keyboard.press('ArrowRight');
  const after = await page.evaluate(() => document.activeElement.dataset.block);
  assert.notEqual(after, before);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Replace', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await until('the focus back', () =>
    page.evaluate((key) => document.activeElement.dataset.block === key, after),
  );
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Replace', exact: true }).press('Enter');
  const dialog = page.getByRole('dialog').filter({ hasText: 'Taken off' });
  await dialog.waitFor();
  assert.match(await dialog.getByLabel('Taken off').inputValue(), /\S/);
  await page.keyboard.press('Escape');
});

test('a gap that the coverage check found is mended from where it is shown', async () => {
  const { now_us } = await server.call('GET', '/clock');
  const start_us = Math.ceil(now_us / HOUR_US) * HOUR_US + 24 * HOUR_US;
  for (const schedule of ['l1', 'l1-second']) {
    const nobody = { kind: 'fixed', people: [], start_us, end_us: start_us + 6 * HOUR_US, reason: 'planted' };
    await server.call('POST', `/schedules/${schedule}/overrides`, nobody);
  }
  const gaps = async () =>
    (await server.call('GET', '/oncall/coverage')).findings.filter((each) => each.rule === 'COV-1');
  assert.ok((await gaps()).length > 0, 'the planted gap is found');
  await page.goto('/oncall');
  const finding = page.getByRole('listitem').filter({ hasText: 'L1 gap, 6 h' });
  await finding.getByRole('button', { name: 'Find cover' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('COV-1', { exact: true }).waitFor();
  await dialog
    .getByRole('button', { name: /^Choose / })
    .first()
    .click();
  assert.match(await dialog.getByRole('textbox', { name: 'Reason' }).inputValue(), /COV-1/);
  await dialog.getByRole('button', { name: 'Override', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await until('the gap to be gone', async () => (await gaps()).length === 0);
  await finding.waitFor({ state: 'detached' });
});

test('a finding is accepted with a reason and an end, shown so, and revoked', async () => {
  const { now_us } = await server.call('GET', '/clock');
  const start_us = Math.ceil(now_us / HOUR_US) * HOUR_US + 48 * HOUR_US;
  const planted = [];
  for (const schedule of ['l1', 'l1-second']) {
    const nobody = { kind: 'fixed', people: [], start_us, end_us: start_us + 5 * HOUR_US, reason: 'planted' };
    const { id } = await server.call('POST', `/schedules/${schedule}/overrides`, nobody);
    planted.push(`/schedules/${schedule}/overrides/${id}`);
  }
  const gap = async () =>
    (await server.call('GET', '/oncall/coverage')).findings.find((each) => each.rule === 'COV-1');
  await page.goto('/oncall');
  const finding = page.getByRole('listitem').filter({ hasText: 'L1 gap, 5 h' });
  await finding.getByRole('button', { name: 'Accept…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Accept a finding' }).waitFor();
  assert.ok(
    await dialog.getByRole('button', { name: 'Accept', exact: true }).isDisabled(),
    'a reason is due',
  );
  await dialog
    .getByRole('textbox', { name: 'Why the organisation lives with it' })
    .fill('Everybody is in the room.');
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: 'Accept', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const { accepted } = await until('the acceptance', async () => {
    const found = await gap();
    return found.accepted && found;
  });
  assert.equal(accepted.reason, 'Everybody is in the room.');
  assert.ok(accepted.until_us > now_us + 29 * 24 * HOUR_US);
  await finding.getByText(/^Accepted by .*: Everybody is in the room\.$/).waitFor();
  assert.equal(await finding.getByRole('button', { name: 'Find cover' }).count(), 0);
  await page.reload();
  await finding.getByRole('button', { name: 'Revoke COV-1' }).click();
  await finding.getByRole('button', { name: 'Accept…' }).waitFor();
  assert.equal((await gap()).accepted, null);

  // A change of the schedule mends it, and it is gone.
  for (const override of planted) await server.call('DELETE', override);
  assert.equal(await gap(), undefined);
  await page.reload();
  await page.getByRole('heading', { name: 'Coverage' }).waitFor();
  await finding.waitFor({ state: 'detached' });
});

/** Who is on call on `l1` when the next minute has begun. */
async function onDuty() {
  const now_us = (await server.call('GET', '/clock')).now_us + 60_000_000;
  const { schedules } = await server.call('GET', `/oncall?from_us=${now_us}&to_us=${now_us + 24 * HOUR_US}`);
  const [shift] = schedules.find((schedule) => schedule.id === 'l1').shifts;
  return { ...shift.people[0], now_us };
}

test('cover is asked for, shown to everybody, and taken', async () => {
  await page.goto('/oncall');
  const { block, personId, startMs } = await wide(await nextWeek());
  await block.click();
  await page.getByRole('button', { name: 'Ask for cover' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Who is asked' });
  await dialog
    .getByRole('region', { name: 'What it would mean' })
    .getByText(/Asked: .+ and /)
    .waitFor();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A wedding');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const request = page.getByRole('listitem').filter({ hasText: 'A wedding' });
  await request.waitFor();
  assert.deepEqual(await onCallAt('l1', startMs * 1000), [personId], 'an open request changes nothing');
  await page.locator('[data-swap]').first().waitFor();
  assert.deepEqual(await serious(page), []);

  await request.getByRole('button', { name: 'Choose who takes it' }).click();
  const taking = page.getByRole('dialog').filter({ hasText: 'Take the shift of' });
  await taking
    .getByRole('button', { name: /^Choose / })
    .first()
    .click();
  await taking.getByRole('region', { name: 'What it would mean' }).getByText(/\+/).first().waitFor();
  await taking.getByRole('button', { name: 'Take it', exact: true }).click();
  await taking.waitFor({ state: 'hidden' });
  await request.waitFor({ state: 'detached' });
  const { items } = await server.call('GET', '/swaps?state=taken');
  const swap = items.find((each) => each.reason === 'A wedding');
  assert.deepEqual([swap.person_id, swap.start_us], [personId, startMs * 1000]);
  const [part] = swap.taken;
  const { schedules } = await server.call('GET', `/oncall?from_us=${swap.start_us}&to_us=${swap.end_us}`);
  const [shift] = schedules.find((schedule) => schedule.id === 'l1').shifts;
  assert.deepEqual(
    shift.people.map((person) => person.person_id),
    [part.by_person_id],
  );
});

test('a trade of two shifts is offered, accepted, and both change hands', async () => {
  await page.goto('/oncall');
  const { block, personId, startMs } = await wide(await nextWeek());
  await block.click();
  await page.getByRole('button', { name: 'Trade', exact: true }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'A shift against a shift' });
  await dialog.getByRole('combobox', { name: 'In return' }).click();
  await page
    .getByRole('option', { name: /L1, second to answer$/ })
    .first()
    .click();
  const preview = dialog.getByRole('region', { name: 'What it would mean' });
  await preview.getByText('L1, second to answer').first().waitFor();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A concert');
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: 'Offer the trade' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const request = page.getByRole('listitem').filter({ hasText: 'A concert' });
  await request.getByText('In return for').waitFor();
  const find = async (state) =>
    (await server.call('GET', `/swaps?state=${state}`)).items.find((each) => each.reason === 'A concert');
  const { in_return: back, asked } = await find('open');
  const [{ person_id: other }] = asked;
  assert.deepEqual(await onCallAt('l1', startMs * 1000), [personId], 'an offer changes nothing');

  await request.getByRole('button', { name: 'Accept the trade' }).click();
  const taking = page.getByRole('dialog').filter({ hasText: 'Trade with' });
  await taking
    .getByRole('region', { name: 'What it would mean' })
    .getByText(/\+|−|same/)
    .first()
    .waitFor();
  await taking.getByRole('button', { name: 'Accept the trade' }).click();
  await taking.waitFor({ state: 'hidden' });
  await request.waitFor({ state: 'detached' });
  const traded = await find('taken');
  assert.deepEqual(await onCallAt('l1', startMs * 1000), [other]);
  assert.deepEqual(await onCallAt(back.schedule_id, back.start_us), [personId]);

  await server.call('POST', `/swaps/${traded.id}/undo`, { reason: 'the test is over' });
  assert.deepEqual(await onCallAt('l1', startMs * 1000), [personId]);
  assert.deepEqual(await onCallAt(back.schedule_id, back.start_us), [other]);
  await server.call('POST', `/swaps/${traded.id}/withdraw`, {});
});

test("a sick colleague's shifts change hands in one go, from their line", async () => {
  const sick = await onDuty();
  await page.goto('/oncall?view=people');
  await page.locator(`button[data-person="${sick.person_id}"]`).first().click();
  await page.getByRole('menuitem', { name: 'Sick: hand the shifts over' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Sick: hand the shifts over' });
  await dialog
    .getByLabel(/^Stands in, /)
    .first()
    .waitFor();
  await dialog.getByRole('region', { name: 'What it would mean' }).getByText(/\+/).first().waitFor();
  assert.deepEqual(await serious(page), []);
  await dialog.getByRole('button', { name: /^Hand over \d+ shifts?$/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: `Remove: ${sick.name} away` }).waitFor();
  const after = await onDuty();
  assert.notEqual(after.person_id, sick.person_id, 'somebody else is on call from the next minute on');
  const over = (await server.call('GET', `/swaps?person_id=${sick.person_id}&state=taken`)).items.find(
    (swap) => swap.take_over && swap.schedule_id === 'l1' && swap.start_us <= after.now_us,
  );
  assert.equal(over.reason, 'Sick', 'taken over on behalf of both, by whoever runs the roster');
  assert.equal(over.taken[0].by_person_id, after.person_id);
  assert.deepEqual(await onCallAt('l1', over.end_us - 1), [after.person_id], 'until the end of the shift');
  const { items } = await server.call('GET', `/absences?person_id=${sick.person_id}`);
  assert.equal(items[0].reason, 'Sick');
  assert.equal(
    items[0].covers.filter((cover) => cover.state === 'open').length,
    0,
    'nothing is left to cover',
  );
});

test('a handoff note is written by one and accepted by the next', async () => {
  await page.goto('/oncall');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  const form = page.getByRole('dialog').filter({ hasText: 'Handoff note' });
  await form.getByText('Open now, added out of the record').waitFor();
  await form.getByRole('textbox', { name: 'What happened, what is decided' }).fill('Quiet since noon.');
  await form
    .getByRole('textbox', { name: 'Watch, one line each' })
    .fill('Logins from 203.0.113.77\nThe deploy at 22:00');
  assert.deepEqual(await serious(page), []);
  await form.getByRole('button', { name: 'Hand over', exact: true }).click();
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /Not accepted/ }).click();
  const note = page.getByRole('dialog').filter({ hasText: 'Quiet since noon.' });
  await note.getByText('The deploy at 22:00').waitFor();
  await note.getByRole('button', { name: 'Accept the handoff' }).click();
  await note.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /to .*Accepted/ }).waitFor();
  const { items } = await server.call('GET', '/handoff-notes');
  assert.equal(items[0].state, 'accepted');
  assert.equal(items[0].text, 'Quiet since noon.');
  assert.equal(items[0].watch.length, 2);
});

test('a roster takes over after a full turn: looked at before it is saved, and nothing changes before', async () => {
  const { now_us } = await server.call('GET', '/clock');
  const week = `/oncall?from_us=${now_us}&to_us=${now_us + 24 * HOUR_US}`;
  const before = await server.call('GET', week);
  await page.goto('/oncall/schedules/l1');
  const list = page.getByRole('list', { name: 'Order of weekday nights' });
  const first = await list.getByRole('listitem').first().textContent();
  await list.locator('[data-handle="3"]').scrollIntoViewIfNeeded();
  const handle = await list.locator('[data-handle="0"]').boundingBox();
  await drag({ x: handle.x + 10, y: handle.y + 12 }, { x: handle.x + 10, y: handle.y + 12 + 2 * 38 });
  assert.notEqual(await list.getByRole('listitem').first().textContent(), first, 'the first one moved on');
  await list
    .getByRole('button', { name: /: earlier$/ })
    .nth(1)
    .click();
  await page.getByRole('radiogroup', { name: 'It takes over' }).getByText('After a full turn').click();
  const preview = page.getByRole('region', { name: 'What it would mean' });
  await preview
    .getByText(/\+|same hours/)
    .first()
    .waitFor();
  assert.deepEqual(await serious(page), []);
  await page.getByRole('textbox', { name: 'Reason' }).fill('Nights in a better order');
  await page.getByRole('button', { name: 'Save the roster' }).click();
  await page.getByText('Rosters in their order').waitFor();
  await page.getByText('Nights in a better order').waitFor();
  const { value } = await server.call('GET', '/pack/objects/schedule/l1');
  assert.equal(value.versions[0].rollout, 'after_full_turn');
  const after = await server.call('GET', week);
  const ahead = await server.call('GET', `/oncall?from_us=${now_us}&to_us=${now_us + 60 * 24 * HOUR_US}`);
  const [cut] = ahead.schedules.find((schedule) => schedule.id === 'l1').cut_overs;
  // The turn that runs may end within the day.
  const shifts = (answer) =>
    answer.schedules
      .find((schedule) => schedule.id === 'l1')
      .shifts.filter((each) => each.start_us < cut.at_us)
      .map((each) => each.people);
  assert.deepEqual(shifts(after), shifts(before), 'until then the next day is as it was');
  assert.ok(cut.at_us > cut.wanted_us, 'the turn that runs is finished first');
  const [, nights] = value.versions[0].layers;
  const turns = ahead.schedules
    .find((schedule) => schedule.id === 'l1')
    .shifts.filter((shift) => shift.start_us >= cut.at_us && shift.source === nights.name);
  const order = nights.rotation.participants;
  // An override may stand within a night, which then has several parts.
  const within = (start, shift) => shift.start_us < start.start_us + 16 * HOUR_US;
  const starts = [];
  for (const shift of turns) if (starts.length === 0 || !within(starts.at(-1), shift)) starts.push(shift);
  const parts = (start) => turns.filter((shift) => shift.start_us >= start.start_us && within(start, shift));
  assert.ok(starts.length > 2 * order.length);
  const own = starts.flatMap((start, at) => {
    const planned = parts(start).find((shift) => !shift.overridden);
    return planned ? [[at, planned.people[0].person_id]] : [];
  });
  const expected = own.map(([at]) => [at, order[at % order.length]]);
  assert.deepEqual(own, expected, 'from the cut-over on the new order, from its first one on');
});

test('on a phone the days of a person are named, and a roster is reached and changed', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const phone = await signedIn(browser, server, {
      ...desk,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      colorScheme,
    });
    await phone.goto('/oncall?view=people');
    const shift = phone.getByRole('button', { name: /^\w{3} \d+ \w{3} .*L1, first to answer$/ }).last();
    await shift.tap();
    await phone.getByRole('dialog').getByRole('button', { name: 'Roster', exact: true }).tap();
    await phone.waitForURL(/\/oncall\/schedules\/l1$/);
    const list = phone.getByRole('list', { name: 'Order of weekday nights' });
    await list
      .getByRole('button', { name: /: earlier$/ })
      .nth(1)
      .tap();
    const preview = phone.getByRole('region', { name: 'What it would mean' });
    await preview
      .getByText(/\+|same hours/)
      .first()
      .waitFor();
    const wide = await phone.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
        .map((each) => each.className),
    );
    assert.deepEqual(wide, [], 'nothing is wider than the screen');
    assert.deepEqual(await serious(phone), [], colorScheme);
    assert.deepEqual(phone.faults, []);
    await phone.context().close();
  }
});

test('axe finds nothing serious in any view of the calendar', async () => {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const where of [
      'view=people',
      'view=schedules&span=day',
      'view=schedules&layers=true',
      'span=quarter',
    ]) {
      await page.goto(`/oncall?${where}`);
      await page.locator('[data-block]').first().waitFor();
      assert.deepEqual(await serious(page), [], `${where}, ${colorScheme}`);
    }
  }
  assert.deepEqual(page.faults, []);
});
