// The line between page and service: hidden pages, full streams, and a service that is away.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ApiDouble } from './api_double.mjs';
import { DESKTOP, Stage, button, isLive } from './browser.mjs';

const double = new ApiDouble();
let stage;
before(async () => { await double.start(); stage = await Stage.open(double); });
after(async () => { await stage.close(); await double.stop(); });
afterEach(() => stage.settle());

const show = (page, shown) => page.evaluate((hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}, !shown);
async function listenersBecome(n) {
  for (const end = Date.now() + 10_000; double.listeners !== n;) {
    assert.ok(Date.now() < end, `${double.listeners} streams are open, not ${n}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

test('pages that nobody looks at give their streams back, and are up to date when they are shown again', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/', { clock: Date.now() });
  await page.getByText('Everything in Moesif as of').first().waitFor();
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  // For a moment: the stream stays.
  await show(page, false);
  await page.clock.runFor(5_000);
  await show(page, true);
  await page.clock.runFor(15_000);
  assert.equal(double.listeners, 1);
  await show(page, false);
  await page.clock.runFor(11_000);
  await listenersBecome(0);
  asked.length = 0;
  double.status.queue.waiting = 77;
  await page.clock.runFor(120_000);
  assert.deepEqual([asked, await page.getByText('Connection lost').count(), await page.locator('.connection').getAttribute('data-state')], [[], 0, 'resting']);
  await show(page, true);
  await page.getByText('77 messages are on the way to Segment.').first().waitFor();
  await isLive(page);
  assert.equal(double.listeners, 1);
});

test('a page beside five hidden ones of the same browser is answered', async () => {
  double.use('healthy');
  const first = await stage.signedIn(DESKTOP, '#/', { clock: Date.now() });
  const pages = [first];
  for (let n = 2; n <= 6; n += 1) {
    for (const page of pages) await show(page, false);
    await first.clock.runFor(11_000);
    await listenersBecome(0);
    const page = await first.context().newPage();
    await page.goto(`${stage.url}/#/profiles?token=${double.token}`);
    await page.getByRole('table', { name: 'Profiles' }).waitFor({ timeout: 10_000 });
    pages.push(page);
    await listenersBecome(1);
  }
});

test('a replay is not asked for while the line is lost', async () => {
  stage.expect('ERR_', 'status of 5');
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/replays?company=globex', { clock: Date.now() });
  await button(page, 'Preview').click();
  await button(page, 'Send 4,211 messages').click();
  await page.getByText('The messages have joined the queue').waitFor();
  const asked = [];
  double.breakLine();
  await page.locator('.connection[data-state="lost"]').waitFor();
  page.on('request', (request) => { if (request.url().includes('/v1/replays/')) asked.push(request.url()); });
  for (let n = 0; n < 8; n += 1) await page.clock.runFor(1_000);
  assert.deepEqual(asked, []);
  double.mendLine();
});

test('a replay of thousands of ids is not asked for each second, and its end is seen', async () => {
  double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/replays', { clock: Date.now() });
  // As they are pasted; typing them takes longer than the test may.
  await page.getByLabel('User ids').evaluate((field) => {
    field.value = Array.from({ length: 10_000 }, (_, i) => `user-${i}`).join('\n');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await button(page, 'Preview').click();
  await button(page, 'Send 10,000 messages').click();
  await page.getByText('The messages have joined the queue').waitFor();
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/v1/replays/')) asked.push(request.url()); });
  for (let n = 0; n < 12; n += 1) {
    double.tell();
    await page.clock.runFor(1_000);
  }
  // Shown twice: where it was begun, and in the list.
  assert.ok(asked.length > 0 && asked.length <= 8, `${asked.length} in twelve seconds`);
  double.finish(double.replays[0]);
  for (let n = 0; n < 6; n += 1) await page.clock.runFor(1_000);
  await page.getByText('10,000 of 10,000 messages').first().waitFor();
});

test('with all streams taken the rates are there, and the lost line is not what is said', async () => {
  stage.expect('status of 429');
  double.use('healthy');
  double.fullStreams = true;
  const page = await stage.page();
  await page.goto(`${stage.url}/#token=${double.token}`);
  await page.getByText(/Too many pages are open; numbers are from/).waitFor();
  const rate = page.locator('.station-facts div', { hasText: 'Each second' }).locator('dd');
  await rate.getByText('0', { exact: true }).waitFor();
  await page.getByRole('status').getByText('Too many pages are open: the numbers come less often.').waitFor();
});

test('a replay that is begun where all streams are taken is seen to its end', async () => {
  stage.expect('status of 429');
  double.use('healthy');
  double.fullStreams = true;
  const page = await stage.page();
  await page.goto(`${stage.url}/#/replays?company=globex&token=${double.token}`);
  await button(page, 'Preview').click();
  await button(page, 'Send 4,211 messages').click();
  await page.getByText('The messages have joined the queue').waitFor();
  double.finish(double.replays[0]);
  await page.getByText('4,211 of 4,211 messages').first().waitFor();
});

test('a token that came by a link is still there when the service was not', async () => {
  stage.expect('ERR_');
  double.use('healthy');
  const page = await stage.page();
  await page.route('**/v1/access', (route) => route.abort());
  await page.goto(`${stage.url}/#/held?token=${double.token}`);
  await page.getByText('traitsync does not answer').waitFor();
  assert.equal(await page.getByLabel('Admin token').inputValue(), double.token);
  await page.unroute('**/v1/access');
  await button(page, 'Sign in').click();
  await page.getByText('Nothing is held').waitFor();
});
