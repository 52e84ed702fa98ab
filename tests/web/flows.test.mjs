// What a reader does, clicked through against the real binary with the built-in Moesif and Segment: what is asked for
// here is really queued, sent and taken. Each look has a service of its own; its tests follow one another on it.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { LOOKS, Stage, button, checkAccess, checkWidth, dialog, isLive, isPhone, said, shoot, traitTable } from './browser.mjs';
import { Deployment, TOKEN, VIEWER } from './deployment.mjs';
import { ARABIC, HOSTILE, SLASHED } from './fixtures.mjs';
import { BIG_NUMBER, ORDINARY, REFUSED, ordinary, ordinaryId, refusedId, settle } from './people.mjs';

const REFUSALS = ['status of 401', 'status of 403', 'status of 404', 'status of 409'];
const DEAD = REFUSED + 1; // one is too large
const USERS = ORDINARY + REFUSED + 7;

for (const look of LOOKS) {
  describe(look.name, () => {
    let deployment;
    let stage;
    let page; // signed in, shared by the tests that need no page of their own
    before(async () => {
      deployment = await Deployment.open();
      deployment.token = TOKEN;
      await settle(deployment);
      await deployment.start();
      await deployment.settled();
      stage = await Stage.open(deployment);
      page = await stage.signedIn(look);
    });
    after(async () => {
      await stage?.close();
      await deployment.close();
    });
    afterEach(() => stage.settle({ keep: true }));
    const on = (name, run) => test(`${name}, ${look.name}`, run);
    const show = async (route) => { await page.goto(`${stage.url}/${route}`); };
    const profile = (id) => `#/profiles/${encodeURIComponent(id)}`;
    const inSegment = async (id) => deployment.order('state', { user_id: id });
    const calm = () => deployment.until('an empty queue', async () => { const q = await deployment.queue(); return q.waiting + q.offered === 0; });
    const undelivered = async (run) => {
      await deployment.ask('/v1/pause', { body: { scope: 'deliver' } });
      try {
        await run();
      } finally {
        await deployment.ask('/v1/resume', { body: { scope: 'deliver' } });
      }
      await calm();
    };
    const check = async (name, where = page) => {
      await checkWidth(where, name);
      await checkAccess(where, name);
      await shoot(where, `real-${name}-${look.name}`);
    };

    on('signing in with a wrong, then the right token, and out', async () => {
      stage.expect(...REFUSALS);
      const own = await stage.page(look);
      const asked = [];
      own.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await own.goto(`${stage.url}/`);
      await own.getByLabel('Admin token').waitFor();
      assert.deepEqual([await own.locator('.side').count(), asked.filter((path) => path.startsWith('/v1'))], [0, []], 'nothing of the API before');
      await own.getByLabel('Admin token').fill('wrong');
      await own.keyboard.press('Enter');
      await own.getByText('This token is wrong').waitFor();
      assert.equal(await own.evaluate(() => sessionStorage.length), 0);
      await check('sign-in', own);
      await own.getByLabel('Admin token').fill(TOKEN);
      await own.keyboard.press('Enter');
      await isLive(own);
      assert.deepEqual(await own.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
      await own.reload();
      await isLive(own);
      if (isPhone(look)) await button(own, 'Menu').click();
      await button(own, 'Sign out').click();
      await own.getByLabel('Admin token').waitFor();
      assert.equal(await own.evaluate(() => sessionStorage.length), 0);
      await own.reload();
      await own.getByLabel('Admin token').waitFor();
      await own.context().close();
    });

    on('the overview says how it stands, and its numbers move by themselves', async () => {
      await page.getByText(new RegExp(`^${DEAD} messages could not be delivered; everything else as of \\d\\d:\\d\\d:\\d\\d was delivered or discarded\\.$`)).first().waitFor();
      await page.getByRole('heading', { name: 'Over time' }).waitFor();
      const sent = page.locator('.facts div', { hasText: 'Messages sent' }).locator('dd');
      const before = Number((await sent.innerText()).replaceAll(',', ''));
      await check('overview');
      await deployment.user(ordinaryId(0), ordinary(0, 'team'));
      await deployment.pull();
      await page.waitForFunction(([what, n]) => [...document.querySelectorAll('.facts div')].some((e) => e.textContent === `${what}${n}`), ['Messages sent, in total', before + 1]);
    });

    on('searching, filtering, turning pages, and sharing what is found', async () => {
      await show('#/profiles');
      await page.getByText('50 on this page').waitFor();
      await check('profiles');
      await button(page, 'Next').click();
      await page.getByText(`${USERS - 50} on this page`).waitFor();
      assert.match(page.url(), /cursor=/);
      await page.goBack();
      await page.getByText('50 on this page').waitFor();
      await page.goForward();
      await page.getByText(`${USERS - 50} on this page`).waitFor();
      await button(page, 'Previous').click();
      await page.getByText('50 on this page').waitFor();
      const search = page.getByRole('searchbox', { name: 'Search' });
      for (const [text, found] of [['user-03', 'Person 30'], ['ADA@anal', 'Ada Lovelace'], [ARABIC.slice(0, 5), ARABIC], [HOSTILE.slice(0, 6), HOSTILE]]) {
        await search.fill(text);
        await page.getByRole('link', { name: found }).waitFor();
        await page.getByText('50 on this page').waitFor({ state: 'detached' });
      }
      assert.equal(await page.locator('img[src="x"]').count(), 0);
      await search.fill('');
      await page.getByLabel('State').selectOption('dead');
      // The list of all may be there first, and has this one too.
      await page.waitForURL(/state=dead$/);
      await page.getByRole('link', { name: 'Refused 0' }).waitFor();
      const other = await stage.signedIn(look, new URL(page.url()).hash);
      await other.getByRole('link', { name: 'Refused 0' }).waitFor();
      assert.equal(await other.getByLabel('State').inputValue(), 'dead');
      await other.context().close();
      await page.getByRole('link', { name: 'Refused 0' }).click();
      await traitTable(page).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'Refused 0' }).waitFor();
      assert.equal(await page.getByLabel('State').inputValue(), 'dead');
      await show('#/profiles?q=zzzz-nobody');
      await page.getByText('No profile matches').waitFor();
    });

    on('a profile shows what differs and why, leaf by leaf, and the exact body', async () => {
      await undelivered(async () => {
        await deployment.user('u-ada', { name: 'Ada Byron', email: 'ada@analytical.example', company_id: 'acme', metadata: { name: 'x', plan: 'pro', seats: 25, flags: { beta: false }, tags: ['a'] } });
        await deployment.pull();
        await show(profile('u-ada'));
        const row = traitTable(page).locator('tr.leaf.changed', { hasText: 'flags › beta' });
        assert.match(await row.innerText(), /differs[\s\S]*false[\s\S]*true/);
        await traitTable(page).getByText('4 members of 6 differ').waitFor();
        assert.match(await traitTable(page).locator('tbody').first().innerText(), /Will be sent/);
        await traitTable(page).locator('.next', { hasText: /Waits to be sent: its value in Moesif changed/ }).first().waitFor();
        await button(page, 'Show the body').first().click();
        await page.getByRole('region', { name: /^Body/ }).getByText('Ada Byron').waitFor();
        await check('profile');
      });
      assert.equal((await inSegment('u-ada')).metadata.plan, 'pro');
      await show(profile('u-big'));
      await traitTable(page).getByText('Too large', { exact: true }).waitFor();
      await traitTable(page).getByText(BIG_NUMBER).first().waitFor();
      await traitTable(page).getByRole('link', { name: 'message of metadata' }).click();
      await page.locator('.message.marked').getByRole('region', { name: /^Body/ }).waitFor();
      stage.expect(...REFUSALS);
      await show(profile('nobody'));
      await page.getByText('This user is not in the store').waitFor();
    });

    on('hostile, long, right-to-left and odd names are text and stay in their place', async () => {
      for (const [id, name] of [['u-hostile', HOSTILE], ['u-arabic', ARABIC], ['u-long', null], ['u-emoji', null], [SLASHED, SLASHED]]) {
        await show(profile(id));
        await page.locator('code', { hasText: id }).first().waitFor();
        if (name) await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
        await traitTable(page).waitFor();
        await checkWidth(page, id);
      }
      assert.equal(await page.locator('img[src="x"], #app script').count(), 0);
    });

    on('one profile is sent again in three clicks, and Segment takes it', async () => {
      await show(profile('u-ada'));
      await button(page, 'Send again …').click();
      await dialog(page).getByText('Chosen traits').click();
      await dialog(page).getByLabel('email').check();
      await button(dialog(page), 'Preview').click();
      await button(dialog(page), 'Send 1 message').waitFor();
      await check('send-again');
      await button(dialog(page), 'Send 1 message').click();
      await dialog(page).getByText('1 of 1 message').waitFor();
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
      const newest = (await deployment.ask('/v1/replays?limit=1')).items[0];
      assert.deepEqual([newest.state, newest.messages, newest.done, newest.selector.traits], ['done', 1, 1, ['email']]);
      const [sent] = (await deployment.ask('/v1/messages?user_id=u-ada&limit=1')).items;
      assert.deepEqual([sent.state, sent.traits], ['acknowledged', ['email']]);
    });

    on('dead letters are retried and discarded by number', async () => {
      await show('#/dead-letters');
      await page.getByText(`${REFUSED} dead letters`).waitFor();
      await button(page, 'Show more').click();
      await page.getByRole('link', { name: refusedId(0), exact: true }).waitFor();
      await page.getByRole('link', { name: refusedId(REFUSED - 1), exact: true }).waitFor();
      await check('dead-letters');
      await deployment.order('refuse', { users_with: '' });
      await page.getByRole('button', { name: 'Retry all, Refused by Segment' }).click();
      await dialog(page).getByRole('heading', { name: `Retry ${REFUSED} dead letters?` }).waitFor();
      await checkAccess(page, 'retry dialog');
      await button(dialog(page), `Retry ${REFUSED} dead letters`).click();
      await said(page, `${REFUSED} dead letters joined the queue again.`);
      await page.getByRole('heading', { name: 'Refused by Segment' }).waitFor({ state: 'detached' });
      await calm();
      assert.equal((await inSegment(refusedId(3))).email, 'refused3@example.com');
      const discard = page.getByRole('button', { name: /^Discard … the dead letter of u-big/ });
      await discard.click();
      await button(dialog(page), 'Cancel').click();
      assert.equal((await deployment.queue()).dead, 1);
      await discard.click();
      await button(dialog(page), 'Discard 1 dead letter').click();
      await page.getByText('No dead letters').waitFor();
      assert.equal((await deployment.queue()).dead, 0);
    });

    on('the quarantine shows each document as it came, with its reason', async () => {
      await show('#/quarantine');
      await page.getByRole('heading', { name: 'Nested too deep' }).waitFor();
      await page.getByRole('heading', { name: 'Not an object' }).waitFor();
      await button(page.locator('.letter', { hasText: 'q-list' }), 'Show the document').click();
      await page.getByRole('region', { name: 'Document as it came' }).getByText('["no object"]').waitFor();
      await check('quarantine');
      await deployment.user('q-list', { name: 'Put right' });
      await button(page, 'Read changes now').click();
      await said(page, 'The pass has begun.');
      await page.getByText('1 in quarantine altogether.').waitFor();
      await calm();
      assert.equal((await inSegment('q-list')).name, 'Put right');
    });

    for (const [verb, word, plan] of [['Discard', 'discarded', 'scale'], ['Release', 'released', 'max']]) {
      on(`${verb} what the brake holds, from the overview`, async () => {
        for (let i = 0; i < ORDINARY; i += 1) await deployment.user(ordinaryId(i), ordinary(i, plan));
        await deployment.pull();
        await calm();
        const { held } = await deployment.queue();
        assert.ok(held >= ORDINARY - 20, `${held} are held`);
        await show('#/');
        await page.getByRole('link', { name: 'Look at what is held' }).click();
        await page.getByText(new RegExp(`incremental pass #\\d+ .* would send ${held} messages`)).waitFor();
        await page.getByRole('table', { name: 'Samples of held messages' }).getByText(plan).first().waitFor();
        if (verb === 'Discard') await check('held');
        await button(page, `${verb} ${held} …`).click();
        await button(dialog(page), `${verb} ${held} messages`).click();
        await said(page, `${held} messages ${word}.`);
        await page.getByText('Nothing is held').waitFor();
        await calm();
        const plans = await Promise.all(Array.from({ length: ORDINARY }, (_, i) => inSegment(ordinaryId(i))));
        const arrived = plans.filter((traits) => traits.metadata.plan === plan).length;
        assert.equal(arrived, verb === 'Release' ? ORDINARY : ORDINARY - held);
      });
    }

    on('a replay is built, previewed, started after the set changed, watched to its end', async () => {
      stage.expect(...REFUSALS);
      await show('#/replays');
      await button(page, 'Preview').click();
      await page.getByText('Say which profiles').waitFor();
      await page.getByLabel('Company id').fill('globex');
      await button(page, 'Preview').click();
      await button(page, 'Send 20 messages').waitFor();
      assert.match(page.url(), /company=globex/);
      await button(page, 'Show 5 sample bodies').click();
      await page.getByRole('region', { name: 'Sample 1' }).getByText('Globex').waitFor();
      await check('replay');
      await deployment.user('u-joins', { name: 'Joins', company_id: 'globex' });
      await deployment.pull();
      await calm();
      await button(page, 'Send 20 messages').click();
      await page.getByText('1 profile joined').waitFor();
      await button(page, 'Preview again').click();
      await button(page, 'Send 21 messages').click();
      await page.getByText('The messages have joined the queue').waitFor();
      await page.getByRole('table', { name: 'Replays' }).getByText('company globex').waitFor();
      await page.getByText('21 of 21 messages').first().waitFor();
      const newest = (await deployment.ask('/v1/replays?limit=1')).items[0];
      assert.deepEqual([newest.state, newest.done], ['done', 21]);
    });

    on('a replay is cancelled, and what was not sent stays unsent', async () => {
      await undelivered(async () => {
        await show('#/replays?all=1&traits=name');
        await button(page, 'Preview').click();
        await page.getByRole('button', { name: /^Send \d+ messages$/ }).click();
        await page.getByText('The messages have joined the queue').waitFor();
        await button(page, 'Cancel …').first().click();
        await button(dialog(page), 'Cancel the replay').click();
        await said(page, 'The replay is cancelled.');
        assert.equal((await deployment.ask('/v1/replays?limit=1')).items[0].state, 'cancelled');
      });
    });

    on('reading and delivery are started, paused and resumed', async () => {
      stage.expect(...REFUSALS);
      await show('#/');
      for (const [what, part] of [['delivery', 'segment'], ['reading', 'moesif']]) {
        await button(page, `Pause ${what}`).click();
        await button(page, `Resume ${what}`).waitFor();
        assert.equal((await deployment.ask('/v1/status'))[part].state, 'paused');
      }
      await page.getByText('Reading and delivery are paused').first().waitFor();
      await button(page, 'Read changes now').click();
      await said(page, 'Not possible right now');
      for (const what of ['delivery', 'reading']) {
        await button(page, `Resume ${what}`).click();
        await button(page, `Pause ${what}`).waitFor();
      }
      await button(page, 'Read everything …').click();
      await button(dialog(page), 'Read everything').click();
      await said(page, 'The full pass has begun.');
      await deployment.until('the full pass', async () => { const [run] = (await deployment.ask('/v1/runs?limit=1')).items; return run.kind === 'full' && run.state === 'done'; });
      await show('#/passes');
      await page.getByRole('table', { name: 'Passes' }).getByText('Full').first().waitFor();
      await check('passes');
      await show('#/configuration');
      await page.getByRole('table', { name: 'Settings of store' }).waitFor();
      const text = await page.locator('main').innerText();
      for (const secret of [TOKEN, VIEWER, 'page-moesif-token', 'pagekey0']) assert.ok(!text.includes(secret), 'a secret is shown');
      await check('configuration');
    });

    on('a viewer sees everything and is told what it may not', async () => {
      stage.expect(...REFUSALS);
      const own = await stage.signedIn(look, '#/', { token: VIEWER });
      await own.locator('.top').getByText('Read only').waitFor();
      assert.ok(await button(own, 'Pause delivery').isDisabled());
      if (isPhone(look)) await button(own, 'Menu').click();
      await own.getByText('sign out and sign in with the admin token').waitFor();
      await own.context().close();
    });

    on('the keyboard alone reaches every control, and shows where it is', async () => {
      await show('#/profiles');
      await show('#/');
      await page.getByRole('heading', { name: 'Over time' }).waitFor();
      await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
      const reached = await page.evaluate(() => {
        const shown = (e) => e.checkVisibility({ visibilityProperty: true });
        globalThis.wanted = new Set([...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')].filter((e) => shown(e) && !e.disabled));
        return globalThis.wanted.size;
      });
      assert.ok(reached > 10);
      let hidden = 0;
      for (let i = 0; i <= reached + 1; i += 1) {
        await page.keyboard.press('Tab');
        hidden += await page.evaluate(() => {
          const e = document.activeElement;
          globalThis.wanted.delete(e);
          return e !== document.body && getComputedStyle(e).outlineStyle === 'none' ? 1 : 0;
        });
      }
      // A notice of an earlier test may have closed by itself meanwhile.
      assert.deepEqual([await page.evaluate(() => [...globalThis.wanted].filter((e) => e.isConnected).map((e) => e.textContent)), hidden], [[], 0]);
      // The first stop leads past the navigation, Enter opens a view, and reading goes on at its heading.
      await page.evaluate(() => document.activeElement.blur());
      await page.locator('.skip').focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
      if (isPhone(look)) {
        await button(page, 'Menu').focus();
        await page.keyboard.press('Enter');
      }
      await page.getByRole('link', { name: 'Configuration' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Configuration', level: 1 }).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Configuration');
    });

    on('a lost line is told, old numbers are grey, and it mends by itself', async () => {
      stage.expect('ERR_', 'status of 5');
      await show('#/');
      const number = page.locator('.flow .number').first();
      const colour = () => number.evaluate((e) => getComputedStyle(e).color);
      const fresh = await colour();
      await deployment.stop();
      await page.getByText(/Connection lost; numbers are from .* Next try in/).waitFor();
      assert.notEqual(await colour(), fresh);
      await check('lost-line');
      await deployment.restart();
      await button(page, 'Retry now').click({ timeout: 5_000 }).catch(() => {}); // it may have come back by itself
      await isLive(page);
      assert.equal(await colour(), fresh);
    });

    on('another write key is a question, and the answer is kept', async () => {
      stage.expect('ERR_', 'status of 5');
      await deployment.restart({ writeKey: 'otherkey0otherkey0otherkey0other' });
      await page.goto('about:blank');
      await show('#/');
      await page.getByText('which of the two is it?').waitFor();
      await check('blocked');
      await button(page, 'Send everything …').click();
      await dialog(page).getByText(/users is sent once in full/).waitFor();
      await page.keyboard.press('Escape');
      await button(page, 'Keep and go on …').click();
      await button(dialog(page), 'Keep and go on').click();
      await said(page, 'Delivery goes on where it was.');
      await page.getByText('which of the two is it?').waitFor({ state: 'detached' });
      assert.deepEqual(await deployment.order('violations'), []);
    });

    on('a token that is withdrawn leads back to the sign-in', async () => {
      stage.expect(...REFUSALS);
      await page.evaluate(() => sessionStorage.setItem('traitsync.token', 'old'));
      await page.reload();
      await page.getByText('The token is no longer accepted').waitFor();
    });
  });
}
