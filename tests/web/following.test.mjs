// What goes along with the service while somebody looks at it, and what leads where it says.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ApiDouble } from './api_double.mjs';
import { DESKTOP, Stage, button, traitTable } from './browser.mjs';

const double = new ApiDouble();
let stage;
before(async () => { await double.start(); stage = await Stage.open(double); });
after(async () => { await stage.close(); await double.stop(); });
afterEach(() => stage.settle());

test('the row of the pass that runs goes along, in both lists', async () => {
  for (const [route, name] of [['#/', 'Latest passes'], ['#/passes', 'Passes']]) {
    double.use('busy');
    const page = await stage.signedIn(DESKTOP, route);
    const row = page.getByRole('table', { name, exact: true }).getByRole('row', { name: /#43/ });
    await row.getByText('950', { exact: true }).waitFor();
    double.status.moesif.run = { ...double.status.moesif.run, read: 4_321, queued: 57, started: new Date(Date.now() - 130_000).toISOString() };
    double.tell();
    await row.getByText('4,321', { exact: true }).waitFor();
    await row.getByText('57', { exact: true }).waitFor();
    if (name === 'Passes') await row.getByText(/^2\smin$/).waitFor();
    await page.context().close();
  }
});

test('of two answers about the latest passes the later question counts', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP);
  const table = page.getByRole('table', { name: 'Latest passes' });
  await table.waitFor();
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  const asked = [];
  await page.route('**/v1/runs?*', async (route) => {
    asked.push(route);
    if (asked.length > 1) return route.continue();
    await held;
    return route.fulfill({ json: { items: [], next_cursor: null } });
  });
  for (const [n, at] of ['2030-01-01T00:00:00.000Z', '2030-01-01T00:01:00.000Z'].entries()) {
    double.status.moesif.next_pass_at = at;
    const more = page.waitForRequest('**/v1/runs?*');
    double.tell();
    await more;
    assert.ok(asked.length <= n + 1);
  }
  await page.waitForResponse('**/v1/runs?*');
  const late = page.waitForResponse('**/v1/runs?*');
  release();
  await late;
  await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 50); }));
  assert.equal(await table.count(), 1);
});

test('the quarantine says that it has changed, and shows it as it is now', async () => {
  double.use('dead');
  const page = await stage.signedIn(DESKTOP, '#/quarantine');
  await page.getByText('65f0aa').waitFor();
  double.quarantine.shift();
  double.status.moesif.quarantined = 2;
  double.tell();
  await page.getByText('There are other documents now.').waitFor();
  await page.getByText('65f0aa').waitFor();
  await button(page, 'Show them').click();
  await page.getByText('65f0aa').waitFor({ state: 'detached' });
  await page.getByText('There are other documents now.').waitFor({ state: 'detached' });
  await page.getByText('acme-2').waitFor();
  assert.equal(await page.locator('.letter a').count(), 0, 'the profile search does not know such an id');
});

test('who is gone is not offered to be sent again, and half an address is no page', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, `#/profiles/${encodeURIComponent('team/42?a=b#c%20d')}`);
  await page.getByText('It cannot be sent again until Moesif has it again.').waitFor();
  assert.equal(await button(page, 'Send again …').count(), 0);
  await page.goto(`${stage.url}/#/profiles/u-ada`);
  await button(page, 'Send again …').waitFor();
  await traitTable(page).waitFor();
  await page.goto(`${stage.url}/#/profiles/u-ada/42`);
  await page.getByText('This address leads nowhere').waitFor();
});

test('a double click pauses once, and the button says so before the next status', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/', { clock: Date.now() });
  const { x, y, width, height } = await button(page, 'Pause delivery').boundingBox();
  const at = [x + width / 2, y + height / 2];
  double.quiet = true;
  await page.mouse.move(...at);
  await page.mouse.down();
  await page.mouse.up();
  await button(page, 'Resume delivery').waitFor();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await button(page, 'Resume reading').waitFor({ timeout: 200 }).catch(() => {});
  assert.deepEqual(double.posts.map((post) => post.path), ['/v1/pause']);
  await page.clock.runFor(2_000); // the page's ticks tell it the old status again
  await button(page, 'Resume delivery').click();
  await page.getByText('Delivery is no longer paused.').waitFor();
});

test('a number that moves in what needs a look leaves the reader where it is', async () => {
  double.use('dead');
  const page = await stage.signedIn(DESKTOP);
  const way = page.getByRole('link', { name: 'Open dead letters' });
  await way.focus();
  double.status.queue.dead = 16;
  double.tell();
  await page.locator('.troubles').getByText('16 messages could not be delivered').waitFor();
  assert.ok(await way.evaluate((node) => node === document.activeElement));
});

test('what the reader asked for again is not asked for once more by itself', async () => {
  stage.expect('ERR_', 'status of 5');
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/nowhere', { clock: Date.now() });
  await page.route('**/v1/profiles*', (route) => route.abort(), { times: 1 });
  await page.goto(`${stage.url}/#/profiles`);
  await button(page, 'Try again').click();
  await page.getByRole('table', { name: 'Profiles' }).waitFor();
  await button(page, 'Next').click();
  await button(page, 'Previous').waitFor();
  let asked = 0;
  page.on('request', (request) => { if (request.url().includes('/v1/profiles')) asked += 1; });
  double.breakLine();
  await page.locator('.connection[data-state="lost"]').waitFor();
  double.mendLine();
  await page.clock.runFor(2_000);
  await page.locator('.connection[data-state="live"]').waitFor();
  await page.clock.runFor(2_000);
  assert.equal(asked, 0);
});

test('an address that cannot hold all ids names no other set', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/replays?company=globex');
  const ids = page.getByLabel('User ids');
  await ids.fill('u-ada');
  await page.waitForURL(/users=u-ada&company=globex/);
  await ids.fill(Array.from({ length: 300 }, (_, i) => `user-${i}`).join('\n'));
  await page.waitForURL(/#\/replays$/);
});

test('each side says what it means where it has nothing', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/profiles/u-ada');
  const row = (name) => traitTable(page).getByRole('row', { name: new RegExp(`^${name}`) });
  assert.match(await row('email').innerText(), /not acknowledged[\s\S]*Dead letter/);
  const more = button(page, 'Show 7 traits with no value on either side');
  if (await more.count()) await more.press('Enter');
  await row('userAgent').getByText('not stored').waitFor();
});

test('a value that is only kept after its removal from Moesif is none of Moesif’s', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/nowhere');
  await page.route('**/v1/profiles/u-ada', async (route) => {
    const answer = await route.fetch();
    const profile = await answer.json();
    profile.diff.find((item) => item.trait === 'name').moesif_value = null;
    await route.fulfill({ response: answer, json: profile });
  });
  await page.goto(`${stage.url}/#/profiles/u-ada`);
  const row = traitTable(page).getByRole('row', { name: /^name/ });
  await row.getByText('not there').waitFor();
  assert.equal(await row.getByText('null', { exact: true }).count(), 0);
});

test('without the service’s curves what the page saw itself is not told as an hour', async () => {
  stage.expect('ERR_');
  double.use('busy');
  double.clock = Date.now();
  const page = await stage.signedIn(DESKTOP, '#/nowhere', { clock: double.clock });
  await page.route('**/v1/activity*', (route) => route.abort());
  await page.goto(`${stage.url}/#/`);
  await page.getByRole('heading', { name: 'Over time' }).waitFor();
  double.clock += 25_000;
  await page.clock.runFor(25_000);
  await page.getByText('seen by this page').first().waitFor();
  assert.equal(await page.getByText('last hour', { exact: true }).count(), 0);
});

test('a message that was never offered says so, and there is nothing to copy', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/nowhere');
  await page.route('**/v1/messages/*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...await answer.json(), state: 'discarded', first_offered_at: null, frozen: false, body: null } });
  });
  await page.goto(`${stage.url}/#/profiles/u-ada`);
  await button(page, 'Show the body').first().click();
  await page.getByText('It was never offered and has no body.').waitFor();
  assert.equal(await button(page, /^Copy/).count(), 0);
});

test('who closes a message or opens a long text on the keyboard goes on from there', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/profiles/u-long');
  await button(page, 'Show the body').first().waitFor();
  const long = button(page, 'Show 6 traits with no value on either side');
  await long.focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TBODY');
  await page.goto(`${stage.url}/#/`);
  await button(page, 'Read changes now').click();
  const close = button(page, 'Close this message');
  await close.focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
});
