// Every view, in every look: axe finds nothing, nothing sticks out, nothing complains.
import { after, afterEach, before, test } from 'node:test';
import { LOOKS, REAL, Stage, checkAccess, checkWidth, shoot } from './browser.mjs';

let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());
afterEach(() => stage.settle({ keep: true }));

const profile = (page) => page.getByRole('table', { name: /^Traits/ });
const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
// [name, scenario, route, what must stand there, works with any store]
const VIEWS = [
  ['overview', 'healthy', '#/', (p) => p.getByText('Everything in Moesif as of'), false],
  ['overview-busy', 'busy', '#/', (p) => p.getByText('are on the way to Segment'), false],
  ['overview-retrying', 'retrying', '#/', (p) => p.getByText(/Segment has not answered for 4 min/), false],
  ['overview-blocked', 'blocked', '#/', (p) => p.getByText('which of the two is it?'), false],
  ['overview-empty', 'empty', '#/', (p) => p.getByText('No pass has run yet'), false],
  ['overview-any', 'healthy', '#/', (p) => p.getByRole('heading', { name: 'Over time' }), true],
  ['profiles', 'healthy', '#/profiles', (p) => p.getByRole('table', { name: 'Profiles' }), true],
  ['profiles-none', 'healthy', '#/profiles?q=zzzzzz-nobody', (p) => p.getByText('No profile matches'), true],
  ['profiles-empty', 'empty', '#/profiles', (p) => p.getByText('No profiles yet'), false],
  ['profile', 'healthy', '#/profiles/u-ada', profile, false],
  ['profile-hostile', 'healthy', '#/profiles/u-hostile', profile, false],
  ['profile-arabic', 'healthy', '#/profiles/u-arabic', profile, false],
  ['profile-long', 'healthy', '#/profiles/u-long', profile, false],
  ['profile-slashed', 'healthy', `#/profiles/${encodeURIComponent('team/42?a=b#c%20d')}`, profile, false],
  ['dead-letters', 'dead', '#/dead-letters', (p) => p.getByRole('heading', { name: 'Refused by Segment' }), false],
  ['held', 'held', '#/held', (p) => p.getByRole('table', { name: 'Samples of held messages' }), false],
  ['dead-letters-none', 'healthy', '#/dead-letters', (p) => p.getByText('No dead letters'), false],
  ['quarantine', 'dead', '#/quarantine', (p) => p.getByRole('heading', { name: 'Nested too deep' }), false],
  ['held-none', 'healthy', '#/held', (p) => p.getByText('Nothing is held'), false],
  ['replays', 'healthy', '#/replays?traits=name,email', (p) => p.getByRole('button', { name: 'Preview' }), true],
  ['passes', 'healthy', '#/passes', (p) => p.getByRole('table', { name: 'Passes' }), true],
  ['configuration', 'healthy', '#/configuration', (p) => p.getByRole('table', { name: 'Settings of store' }), true],
  ['lost', 'healthy', '#/nowhere', heading('No such page'), true],
];

for (const look of LOOKS) {
  let page;
  for (const [name, scenario, route, shown, anywhere] of VIEWS) {
    test(`${name}, ${look.name}`, { skip: REAL && !anywhere ? 'needs the doubled service' : false }, async () => {
      stage.double.use(scenario);
      // One page goes through all views, as a reader does: what a view leaves behind would be seen in the next.
      page ??= await stage.signedIn(look, '#/nowhere');
      await page.goto(`${stage.url}/${route}`);
      await shown(page).first().waitFor();
      await checkWidth(page, name);
      await checkAccess(page, name);
      await shoot(page, `${name}-${look.name}`);
    });
  }
  test(`leaving, ${look.name}`, async () => {
    await stage.settle();
    page = null;
  });
}
