// The same flows against the real service: what is clicked here is really queued, sent and acknowledged.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { LOOKS, PHONE, REAL, Stage, checkAccess } from './browser.mjs';

const needsService = REAL ? {} : { skip: 'needs the real service' };
let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());
afterEach(() => stage.settle());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog');
const said = (page, text) => page.locator('.notice', { hasText: text }).waitFor();

async function ask(path) {
  const answer = await fetch(`${stage.url}${path}`, { headers: { authorization: `Bearer ${stage.token}` } });
  assert.equal(answer.status, 200, path);
  return answer.json();
}
async function anyone() {
  const { items } = await ask('/v1/profiles?limit=20&state=synced');
  assert.ok(items.length > 0, 'the demo has profiles that Segment took');
  return items.find((p) => p.email && p.company_id) ?? items[0];
}

for (const look of LOOKS) {
  const on = (name, run) => test(`${name}, ${look.name}`, needsService, run);

  on('live numbers arrive by themselves', async () => {
    const page = await stage.signedIn(look);
    await page.getByRole('heading', { name: 'Over time' }).waitFor();
    const before = (await ask('/v1/status')).segment.acknowledged_total;
    // The demo changes profiles every second: the page shows more than it did without anybody asking.
    const shown = page.locator('.live-numbers');
    const first = await shown.innerText();
    await page.waitForFunction(([selector, text]) => document.querySelector(selector).innerText !== text, ['.live-numbers', first], { timeout: 30_000 });
    assert.ok((await ask('/v1/status')).segment.acknowledged_total >= before);
  });

  on('a profile is found by its e-mail address and shown side by side', async () => {
    const who = await anyone();
    const page = await stage.signedIn(look, '#/profiles');
    await page.getByRole('searchbox', { name: 'Search' }).fill(who.email);
    await page.getByRole('link', { name: who.name ?? who.user_id }).first().click();
    const traits = page.getByRole('table', { name: /^Traits/ });
    await traits.getByText(who.email).first().waitFor();
    await button(page, 'Show the body').first().click();
    await page.getByRole('region', { name: /^Body/ }).getByText(who.user_id).first().waitFor();
    await checkAccess(page, 'a real profile');
  });

  on('one profile is sent again and Segment takes it', async () => {
    const who = await anyone();
    const page = await stage.signedIn(look, `#/profiles/${encodeURIComponent(who.user_id)}`);
    await button(page, 'Send again …').click();
    await button(dialog(page), 'Preview').click();
    await button(dialog(page), 'Send 1 message').click();
    await dialog(page).getByText('1 of 1 message').waitFor({ timeout: 30_000 });
    const newest = (await ask('/v1/replays?limit=1')).items[0];
    assert.deepEqual([newest.state, newest.messages, newest.done], ['done', 1, 1]);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
  });

  on('a replay of a company is previewed, started and watched to its end', async () => {
    const who = await anyone();
    const page = await stage.signedIn(look, '#/replays');
    await page.getByLabel('Company id').fill(who.company_id);
    await button(page, 'Preview').click();
    const start = page.getByRole('button', { name: /^Send [\d,]+ messages?$/ });
    await start.waitFor();
    await start.click();
    await page.getByText('The messages have joined the queue').waitFor();
    await page.getByRole('table', { name: 'Replays' }).getByText(`company ${who.company_id}`).first().waitFor();
    const ended = async () => (await ask('/v1/replays?limit=1')).items[0].state === 'done';
    for (const end = Date.now() + 30_000; !(await ended());) {
      assert.ok(Date.now() < end, 'the replay ends');
      await page.waitForTimeout(200);
    }
  });

  on('delivery and reading pause, resume, and start at once', async () => {
    const page = await stage.signedIn(look);
    for (const [what, part] of [['delivery', 'segment'], ['reading', 'moesif']]) {
      await button(page, `Pause ${what}`).click();
      await button(page, `Resume ${what}`).waitFor();
      assert.equal((await ask('/v1/status'))[part].state, 'paused');
      await button(page, `Resume ${what}`).click();
      await button(page, `Pause ${what}`).waitFor();
    }
    await button(page, 'Read changes now').click();
    await said(page, /The pass has begun|A pass runs already/);
    assert.notEqual((await ask('/v1/runs?limit=1')).items[0].kind, undefined);
  });

  on('every number of the first view fits its place', async () => {
    const page = await stage.signedIn(look);
    await page.getByRole('heading', { name: 'Over time' }).waitFor();
    const cut = await page.evaluate(() => [...document.querySelectorAll('.number')].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.textContent));
    assert.deepEqual(cut, [], `${look.name}${look === PHONE ? ' (narrow)' : ''}`);
  });
}
