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
