// A page stays open for days: what it holds does not grow.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ApiDouble } from './api_double.mjs';
import { DESKTOP, Stage } from './browser.mjs';

const double = new ApiDouble();
let stage;
before(async () => { await double.start(); stage = await Stage.open(double); });
after(async () => { await stage.close(); await double.stop(); });
afterEach(() => stage.settle());

// What the page holds once what nobody needs is thrown away.
async function weight(page, line) {
  await page.requestGC();
  const { usedSize } = await line.send('Runtime.getHeapUsage');
  const { elements, stored } = await page.evaluate(() => ({
    elements: document.querySelectorAll('*').length, stored: Object.values(sessionStorage).reduce((sum, text) => sum + text.length, 0) }));
  return { heap: usedSize, elements, stored };
}

test('a page that is open for a week does not grow', async () => {
  stage.expect('ERR_');
  double.use('healthy');
  double.clock = Date.now();
  const page = await stage.signedIn(DESKTOP, '#/', { clock: double.clock });
  await page.getByRole('heading', { name: 'Over time' }).waitFor();
  const line = await page.context().newCDPSession(page);
  const weights = [];
  for (let step = 0; step <= 84; step += 1) {
    // Every two hours the clock jumps, the silent line is given up and opened again, and a burst of events comes.
    double.clock += 2 * 3_600_000;
    await page.clock.fastForward(2 * 3_600_000);
    await page.locator('.connection[data-state="lost"]').waitFor();
    double.clock += 2_000;
    await page.clock.runFor(2_000);
    await page.locator('.connection[data-state="live"]').waitFor();
    for (let n = 0; n < 12; n += 1) {
      double.status.savings.profiles_read += 977;
      double.status.savings.messages_sent += 13;
      double.tell();
    }
    const shown = double.status.savings.profiles_read.toLocaleString('en-GB');
    await page.waitForFunction((text) => document.querySelector('.live-numbers').textContent.includes(text), shown, { polling: 20 });
    if (step % 42 === 0) weights.push(await weight(page, line));
  }
  const [, half, whole] = weights;
  console.log(`# after half a week and a week: ${JSON.stringify([half, whole])}`);
  assert.ok(whole.elements - half.elements < 20, 'elements');
  assert.ok(whole.heap - half.heap < 1_000_000, 'heap');
  assert.ok(whole.stored < 60_000, 'session storage');
  assert.equal(double.listeners, 1);
});

test('leaving views leaves nothing behind: one stream, no dialog, no growth', async () => {
  double.use('held');
  const page = await stage.signedIn(DESKTOP);
  const round = async () => {
    for (const name of ['Profiles', 'Send again', 'Held', 'Passes', 'Overview']) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: name !== 'Held' }).click();
      await page.locator('main .card').first().waitFor();
    }
    await page.requestGC();
    return page.evaluate(() => document.querySelectorAll('*').length);
  };
  await round();
  const first = await round();
  for (let i = 0; i < 4; i += 1) await round();
  const last = await round();
  assert.ok(Math.abs(last - first) < 60, `${first} elements became ${last}`);
  assert.equal(double.listeners, 1);
});
