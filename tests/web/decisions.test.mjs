// What is asked before it is done: whose number moves, whose answer is lost, and which stroke of a key decides.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ApiDouble } from './api_double.mjs';
import { DESKTOP, Stage, button, dialog, said } from './browser.mjs';
import { brake } from './fixtures.mjs';

const double = new ApiDouble();
let stage;
before(async () => { await double.start(); stage = await Stage.open(double); });
after(async () => { await stage.close(); await double.stop(); });
afterEach(() => stage.settle());

const asked = (page, title) => dialog(page).getByRole('heading', { name: title, exact: true }).waitFor();
const sent = (start) => double.posts.filter(({ path }) => path.startsWith(start));
const focused = (page) => page.evaluate(() => document.activeElement.textContent);
// Before each such answer something happens.
const beforeEach = (page, address, happens) => page.route(address, async (route) => { happens(); await route.continue(); });
// Lets the page's time go on until it stands there: an answer takes its own time.
async function comes(page, text) {
  for (const end = Date.now() + 30_000; await page.getByText(text).count() === 0;) {
    assert.ok(Date.now() < end, `${text} does not come`);
    await page.clock.runFor(1_000);
  }
}
function oneMoreRefused() {
  const one = double.dead.find((m) => m.reason === 'refused');
  double.dead.push({ ...one, message_id: `0193a1b2-0000-7000-8000-${String(9_000 + double.dead.length).padStart(12, '0')}` });
  double.status.queue.dead = double.dead.length;
}

test('what is held is released and discarded while a pass goes on holding more', async () => {
  for (const [verb, word] of [['Release', 'released'], ['Discard', 'discarded']]) {
    double.use('held');
    double.brake = { run: { id: 41, kind: 'full', state: 'running', started: null } };
    const page = await stage.signedIn(DESKTOP, '#/held');
    await button(page, `${verb} 3,412 …`).click();
    await asked(page, `${verb} 3,412 messages?`);
    assert.equal(await dialog(page).getByText('what it reads from here on goes too').count(), verb === 'Release' ? 1 : 0);
    await beforeEach(page, '**/v1/brake', () => { double.status.queue.held += 100; });
    await button(dialog(page), `${verb} 3,412 messages`).click();
    await page.getByRole('alert').getByText('The number has changed since you were asked').waitFor();
    await button(dialog(page), `${verb} 3,512 messages`).click();
    await page.getByRole('alert').getByText('The number is still changing').waitFor();
    await asked(page, `${verb} 3,612 or more messages?`);
    assert.equal(await focused(page), 'Cancel');
    assert.deepEqual(sent('/v1/brake'), []);
    double.status.queue.held += 100;
    await button(dialog(page), `${verb} 3,612 or more messages`).click();
    await said(page, `3,712 messages ${word}.`);
    await page.context().close();
  }
});

test('samples of held messages follow what merges into them under their ids', async () => {
  double.use('held');
  const page = await stage.signedIn(DESKTOP, '#/held', { clock: Date.now() });
  await comes(page, '3,412 messages are held');
  const { samples } = brake();
  samples[0].traits[1].moesif_value = { plan: 'merged-later' };
  double.brake = { samples };
  for (let second = 0; second < 12; second += 1) {
    double.status.queue.held += 1;
    double.tell();
    await page.clock.runFor(1_000);
  }
  await page.getByText('merged-later').first().waitFor();
});

test('dead letters are retried while there come more', async () => {
  double.use('dead');
  const page = await stage.signedIn(DESKTOP, '#/dead-letters');
  await page.getByRole('button', { name: 'Retry all, Refused by Segment' }).click();
  await asked(page, 'Retry 14 dead letters?');
  await beforeEach(page, '**/v1/status', oneMoreRefused);
  await button(dialog(page), 'Retry 14 dead letters').click();
  await button(dialog(page), 'Retry 15 dead letters').click();
  await button(dialog(page), 'Retry 16 or more dead letters').click();
  await said(page, '16 dead letters joined the queue again.');
});

test('while more is held the numbers follow, and who is on a button stays there', async () => {
  double.use('held');
  const page = await stage.signedIn(DESKTOP, '#/held', { clock: Date.now() });
  const release = await button(page, 'Release 3,412 …').elementHandle();
  await release.focus();
  let looks = 0;
  await beforeEach(page, '**/v1/brake', () => { looks += 1; });
  for (let second = 0; second < 20; second += 1) {
    double.status.queue.held += 10;
    double.tell();
    await page.clock.runFor(1_000);
  }
  await comes(page, '3,612 messages are held');
  assert.ok(looks >= 2 && looks <= 10, `${looks} looks`);
  assert.equal(await release.evaluate((node) => document.activeElement === node && node.textContent), 'Release 3,612 …');
  await page.keyboard.press('Enter');
  await asked(page, 'Release 3,612 messages?');
  await page.keyboard.press('Escape');
  double.status.queue.held = 0;
  double.tell();
  await comes(page, 'Nothing is held');
});

test('what was done while its answer was lost is repeated under its key, and not denied', async () => {
  stage.expect('ERR_');
  double.use('held');
  const page = await stage.signedIn(DESKTOP, '#/held');
  await button(page, 'Release 3,412 …').click();
  await page.route('**/v1/brake/release', async (route) => { await route.fetch(); await route.abort(); }, { times: 1 });
  await button(dialog(page), 'Release 3,412 messages').click();
  await dialog(page).getByText('traitsync does not answer').first().waitFor();
  assert.equal(double.status.queue.held, 0);
  await button(dialog(page), 'Release 3,412 messages').click();
  await said(page, '3,412 messages released.');
  const keys = sent('/v1/brake').map(({ key }) => key);
  assert.deepEqual([keys.length, keys[0] === keys[1]], [2, true]);
});

test('a count that was given up with its question is made anew', async () => {
  double.use('dead');
  const page = await stage.signedIn(DESKTOP, '#/dead-letters');
  const all = page.getByRole('button', { name: 'Retry all, Refused by Segment' });
  await all.click();
  await asked(page, 'Retry 14 dead letters?');
  oneMoreRefused();
  const counting = new Promise((resolve) => { page.route('**/v1/dead-letters?*limit=500*', (route) => resolve(route)); });
  await button(dialog(page), 'Retry 14 dead letters').click();
  await counting;
  await button(dialog(page), 'Cancel').click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.unroute('**/v1/dead-letters?*limit=500*');
  await all.click();
  await button(dialog(page), 'Retry 14 dead letters').click();
  await button(dialog(page), 'Retry 15 dead letters').click();
  await said(page, '15 dead letters joined the queue again.');
});

test('a count that failed is made anew by who asks for it', async () => {
  stage.expect('ERR_');
  double.use('dead');
  const large = double.dead.find((m) => m.reason === 'too_large');
  double.dead.push(...Array.from({ length: 12 }, (_, i) => ({ ...large, message_id: `0193a1b2-0000-7000-8000-${String(9_000 + i).padStart(12, '0')}` })));
  double.status.queue.dead = double.dead.length;
  const page = await stage.signedIn(DESKTOP, '#/nowhere');
  let failing = true;
  await page.route('**/v1/dead-letters?*limit=500*', (route) => (failing ? route.abort() : route.continue()));
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('reason=refused'));
  await page.goto(`${stage.url}/#/dead-letters`);
  await failed;
  const card = page.locator('.card', { hasText: 'Refused by Segment' });
  await card.getByText('more than 10').waitFor();
  await button(card, 'Discard all, Refused by Segment').click();
  await card.getByText('traitsync does not answer').first().waitFor();
  failing = false;
  await button(card, 'Discard all, Refused by Segment').click();
  await asked(page, 'Discard 14 dead letters?');
  await button(dialog(page), 'Cancel').click();
  await card.getByText('14 dead letters').waitFor();
  assert.equal(await card.getByText('does not answer').count(), 0);
});

test('two strokes of a key decide nothing that is billed or cannot be taken back', async () => {
  for (const [scenario, route, name] of [['blocked', '#/', 'Keep and go on …'], ['blocked', '#/', 'Send everything …'], ['dead', '#/dead-letters', 'Retry all, Refused by Segment']]) {
    double.use(scenario);
    const page = await stage.signedIn(DESKTOP, route);
    const control = page.getByRole('button', { name, exact: true });
    await control.focus();
    await page.keyboard.press('Enter');
    await dialog(page).waitFor();
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    assert.deepEqual(double.posts, [], name);
    assert.ok(await control.evaluate((node) => node === document.activeElement), name);
    await page.context().close();
  }
});
