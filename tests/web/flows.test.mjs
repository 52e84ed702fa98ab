// What a reader does, from the first click to the request that it makes, at both widths.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { VIEWER } from './api_double.mjs';
import { DESKTOP, PHONE, REAL, Stage, checkAccess, needsDouble, shoot } from './browser.mjs';
import { ARABIC, HOSTILE, bigNumber } from './fixtures.mjs';

let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());
afterEach(() => stage.settle());

const REFUSED = { expected: ['status of 401', 'status of 403', 'status of 409', 'status of 503'] };
const button = (page, name) => page.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog');
const said = (page, text) => page.locator('.notice', { hasText: text }).waitFor();
const lastPost = (path) => stage.double.posts.filter((p) => p.path === path).at(-1);

for (const look of [DESKTOP, PHONE]) {
  const on = (name, options, run) => test(`${name}, ${look.name}`, options, run);

  on('signing in with a wrong, then the right token, and out', {}, async () => {
    const page = await stage.page(look, REFUSED);
    await page.goto(`${stage.url}/`);
    await page.getByLabel('Admin token').waitFor();
    assert.equal(await page.locator('.side').count(), 0);
    await checkAccess(page, 'sign in');
    await page.getByLabel('Admin token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This token is wrong').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await checkAccess(page, 'wrong token');
    await shoot(page, `sign-in-${look.name}`);
    await page.getByLabel('Admin token').fill(stage.token);
    await page.keyboard.press('Enter');
    await page.locator('.connection[data-state="live"]').waitFor();
    assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
    if (look === PHONE) await button(page, 'Menu').click();
    await button(page, 'Sign out').click();
    await page.getByLabel('Admin token').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  });

  on('a link with a token keeps the rest of the address, and a reload stays signed in', {}, async () => {
    const page = await stage.signedIn(look, '#/profiles?q=zz');
    assert.equal(new URL(page.url()).hash, '#/profiles?q=zz');
    await page.reload();
    await page.locator('.connection[data-state="live"]').waitFor();
    assert.equal(await page.getByRole('searchbox', { name: 'Search' }).inputValue(), 'zz');
  });

  on('searching, filtering and turning pages', needsDouble, async () => {
    stage.double.use('healthy');
    const page = await stage.signedIn(look, '#/profiles');
    await page.getByText('50 on this page').waitFor();
    await button(page, 'Next').click();
    await page.getByText('user-0050').first().waitFor();
    assert.match(page.url(), /cursor=50/);
    await button(page, 'Previous').click();
    await page.getByText('Ada Lovelace').waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('person 7');
    await page.getByText('Person 70').waitFor();
    await page.getByText('Ada Lovelace').waitFor({ state: 'detached' });
    assert.match(page.url(), /q=person\+7$/);
    await page.getByRole('searchbox', { name: 'Search' }).fill('');
    await page.getByLabel('State').selectOption('dead');
    await page.getByText(HOSTILE).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.match(page.url(), /state=dead$/);
    await page.getByRole('link', { name: HOSTILE }).click();
    await page.getByRole('table', { name: /^Traits/ }).waitFor();
    await page.goBack();
    await page.getByText(HOSTILE).waitFor();
    assert.equal(await page.getByLabel('State').inputValue(), 'dead');
  });

  on('a profile shows what differs, why, and the exact body', needsDouble, async () => {
    stage.double.use('healthy');
    const page = await stage.signedIn(look, '#/profiles/u-arabic');
    const traits = page.getByRole('table', { name: /^Traits/ });
    await traits.getByText('Three members differ; a nested object is sent whole.').waitFor();
    await page.getByRole('heading', { name: ARABIC }).waitFor();
    assert.match(await traits.locator('.next', { hasText: 'It changed in Moesif at' }).locator('time').first().getAttribute('title'), /^2026-01-02 10:02:03\.004 UTC$/);
    const changed = traits.locator('tr.leaf.changed', { hasText: 'flags › beta' });
    assert.match(await changed.innerText(), /differs[\s\S]*true[\s\S]*false/);
    await button(traits, 'Show 4 equal members').first().click();
    await traits.getByText(bigNumber).first().waitFor();
    await page.getByText('The newest document is in quarantine').waitFor();
    await button(page, 'Show 6 traits with no value on either side').click();
    await traits.getByText('clearbit').waitFor();
    await button(page, 'Show the body').nth(1).click();
    await page.getByRole('region', { name: /^Body/ }).getByText(bigNumber).waitFor();
    await checkAccess(page, 'profile, opened');
    await shoot(page, `profile-open-${look.name}`);
    await traits.getByRole('link', { name: 'message of email' }).click();
    await page.locator('.message.marked').getByRole('region', { name: /^Body/ }).waitFor();
  });

  on('one profile is sent again in three clicks', needsDouble, async () => {
    stage.double.use('healthy');
    const page = await stage.signedIn(look, '#/profiles/u-ada');
    await button(page, 'Send again …').click();
    await dialog(page).getByText('Chosen traits').click();
    await dialog(page).getByLabel('email').check();
    await button(dialog(page), 'Preview').click();
    await button(dialog(page), 'Send 1 message').waitFor();
    await checkAccess(page, 'send again');
    await shoot(page, `send-again-${look.name}`);
    await button(dialog(page), 'Send 1 message').click();
    await dialog(page).getByText('The messages have joined the queue').waitFor();
    const { body, key } = lastPost('/v1/replays');
    assert.deepEqual(body, { user_ids: ['u-ada'], traits: ['email'], preview_token: 'p0' });
    assert.match(key, /^[0-9a-f-]{32,36}$/);
    stage.double.finish(stage.double.replays[0]);
    await dialog(page).getByText('1 of 1 message').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
  });

  on('dead letters are retried and discarded by number', needsDouble, async () => {
    stage.double.use('dead');
    const page = await stage.signedIn(look, '#/dead-letters');
    await page.getByText('14 dead letters').waitFor();
    await page.getByText(HOSTILE).first().waitFor();
    await button(page, 'Show more').click();
    await page.getByRole('link', { name: 'user-0007' }).waitFor();
    await page.getByRole('button', { name: 'Retry all, Refused by Segment' }).click();
    await dialog(page).getByRole('heading', { name: 'Retry 14 dead letters?' }).waitFor();
    await checkAccess(page, 'retry dialog');
    await shoot(page, `retry-dialog-${look.name}`);
    await button(dialog(page), 'Retry 14 dead letters').click();
    await said(page, '14 dead letters joined the queue again.');
    assert.deepEqual(lastPost('/v1/dead-letters/retry').body, { reason: 'refused' });
    await page.getByRole('heading', { name: 'Refused by Segment' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Discard … the dead letter of u-long/ }).click();
    await button(dialog(page), 'Cancel').click();
    assert.equal(lastPost('/v1/dead-letters/discard'), undefined);
    await page.getByRole('button', { name: /^Discard … the dead letter of u-long/ }).click();
    await button(dialog(page), 'Discard 1 dead letter').click();
    await page.getByText('No dead letters').waitFor();
    assert.equal(lastPost('/v1/dead-letters/discard').body.message_ids.length, 1);
  });

  for (const [verb, word] of [['Release', 'released'], ['Discard', 'discarded']]) {
    on(`${verb} what the brake holds, from the overview`, needsDouble, async () => {
      stage.double.use('held');
      const page = await stage.signedIn(look);
      await page.getByRole('link', { name: 'Look at what is held' }).click();
      await page.getByText(/full pass #41 .* would send 3,412 messages/).waitFor();
      await button(page, `${verb} 3,412 …`).click();
      await button(dialog(page), `${verb} 3,412 messages`).click();
      await said(page, `3,412 messages ${word}.`);
      await page.getByText('Nothing is held').waitFor();
      assert.equal(stage.double.posts.at(-1).path, `/v1/brake/${verb.toLowerCase()}`);
    });
  }

  on('a replay is built, previewed, started after a conflict, watched and cancelled', needsDouble, async () => {
    stage.double.use('healthy');
    const page = await stage.signedIn(look, '#/replays', REFUSED);
    await button(page, 'Preview').click();
    await page.getByText('Say which profiles').waitFor();
    await page.getByLabel('Company id').fill('acme');
    await page.getByLabel('Changed in Moesif since').fill('2026-01-02T03:04:05');
    assert.match(page.url(), /company=acme&modified=2026/);
    await button(page, 'Preview').click();
    await button(page, 'Send 4,211 messages').waitFor();
    await button(page, 'Show 1 sample body').click();
    await page.getByRole('region', { name: 'Sample 1' }).getByText(HOSTILE).waitFor();
    await checkAccess(page, 'replay preview');
    await shoot(page, `replay-preview-${look.name}`);
    stage.double.conflict = true;
    await button(page, 'Send 4,211 messages').click();
    await page.getByText('3 profiles joined and 1 profile left it.').waitFor();
    await button(page, 'Preview again').click();
    await button(page, 'Send 4,211 messages').click();
    await page.getByText('The messages have joined the queue').waitFor();
    const { body } = lastPost('/v1/replays');
    assert.deepEqual(body, { company_id: 'acme', modified_since: '2026-01-02T02:04:05.000Z', preview_token: 'p1' });
    await page.getByRole('table', { name: 'Replays' }).getByText('company acme').waitFor();
    await button(page, 'Cancel …').first().click();
    await button(dialog(page), 'Cancel the replay').click();
    await said(page, 'The replay is cancelled.');
  });

  on('reading and delivery are started, paused and resumed', needsDouble, async () => {
    stage.double.use('healthy');
    const page = await stage.signedIn(look, '#/', REFUSED);
    await button(page, 'Read changes now').click();
    await said(page, 'The pass has begun.');
    assert.deepEqual(lastPost('/v1/pull').body, { kind: 'incremental' });
    await button(page, 'Read everything …').click();
    await button(dialog(page), 'Read everything').click();
    await said(page, 'The full pass has begun.');
    for (const [what, scope] of [['reading', 'pull'], ['delivery', 'deliver']]) {
      await button(page, `Pause ${what}`).click();
      await button(page, `Resume ${what}`).waitFor();
      assert.deepEqual(lastPost('/v1/pause').body, { scope });
    }
    await button(page, 'Read changes now').click();
    await said(page, 'Not possible right now');
    await button(page, 'Resume reading').click();
    await button(page, 'Pause reading').waitFor();
    assert.deepEqual(lastPost('/v1/resume').body, { scope: 'pull' });
  });

  on('another write key is decided', needsDouble, async () => {
    stage.double.use('blocked');
    const page = await stage.signedIn(look);
    await button(page, 'Send everything …').click();
    await dialog(page).getByText('119,866 users is sent once in full').waitFor();
    await page.keyboard.press('Escape');
    await button(page, 'Keep and go on …').click();
    await button(dialog(page), 'Keep and go on').click();
    await said(page, 'Delivery goes on where it was.');
    assert.deepEqual(lastPost('/v1/destination').body, { action: 'keep' });
    await page.getByText('which of the two is it?').waitFor({ state: 'detached' });
  });

  on('a lost line is told, retried, and mended', needsDouble, async () => {
    stage.double.use('healthy');
    const page = await stage.signedIn(look, '#/', { expected: ['status of 503', 'ERR_'] });
    stage.double.breakLine();
    await page.getByText(/Connection lost; numbers are from .* Next try in/).waitFor();
    await checkAccess(page, 'connection lost');
    await shoot(page, `lost-line-${look.name}`);
    await button(page, 'Retry now').click();
    stage.double.status.queue.waiting = 7;
    stage.double.mendLine();
    await page.getByText('7 messages are on the way to Segment.').waitFor();
  });

  on('a viewer sees everything and is told what it may not', needsDouble, async () => {
    stage.double.use('dead');
    const page = await stage.page(look, REFUSED);
    await page.goto(`${stage.url}/#/dead-letters?token=${VIEWER}`);
    await page.getByRole('button', { name: 'Retry all, Too large for Segment' }).click();
    await button(dialog(page), 'Retry 1 dead letter').click();
    await dialog(page).getByText('This token may look, but not change anything').waitFor();
    await checkAccess(page, 'refused in the dialog');
  });

  on('the keyboard alone goes everywhere', {}, async () => {
    if (!REAL) stage.double.use('healthy');
    const page = await stage.signedIn(look);
    await page.getByRole('heading', { name: 'Over time' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
    if (look === PHONE) {
      await button(page, 'Menu').focus();
      await page.keyboard.press('Enter');
    }
    const target = page.getByRole('link', { name: 'Configuration' });
    await target.focus();
    assert.notEqual(await target.evaluate((e) => getComputedStyle(e).outlineStyle), 'none');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Configuration', level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Configuration');
  });
}

test('the numbers move with each event, and the plots survive a reload', needsDouble, async () => {
  stage.double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/', { clock: true });
  for (let n = 1; n <= 4; n += 1) {
    stage.double.status.savings.profiles_read += 1_000;
    const shown = stage.double.status.savings.profiles_read.toLocaleString('en-GB');
    stage.double.tell();
    await page.getByText(shown).first().waitFor();
    await page.clock.runFor(10_000);
  }
  await page.locator('.plot canvas').first().waitFor();
  await page.getByRole('img', { name: /^Profiles read a minute over the last hour: .* now, [1-9]/ }).waitFor();
  await page.reload();
  await page.getByRole('img', { name: /^Profiles read a minute over the last hour: .* now, [1-9]/ }).waitFor();
  await button(page, 'Last day').click();
  await page.getByRole('img', { name: /over the last day/ }).first().waitFor();
});

test('leaving views leaves nothing behind: one stream, no dialog, no growth', needsDouble, async () => {
  stage.double.use('held');
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
  assert.equal(stage.double.listeners, 1);
});

test('a token that is withdrawn leads back to the sign-in', needsDouble, async () => {
  stage.double.use('healthy');
  const page = await stage.signedIn(DESKTOP, '#/profiles', REFUSED);
  await page.evaluate(() => sessionStorage.setItem('traitsync.token', 'old'));
  await page.reload();
  await page.getByText('The token is no longer accepted').waitFor();
});
