// Every view, in every look: axe finds nothing, nothing sticks out, nothing complains.
import { after, afterEach, before, test } from 'node:test';
import { ApiDouble } from './api_double.mjs';
import { LOOKS, Stage, checkAccess, checkWidth, shoot } from './browser.mjs';
import { ODD } from './fixtures.mjs';

let stage;
const double = new ApiDouble();
before(async () => { await double.start(); stage = await Stage.open(double); });
after(async () => { await stage.close(); await double.stop(); });
afterEach(() => stage.settle({ keep: true }));

const profile = (page) => page.getByRole('table', { name: /^Traits/ });
const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
// [name, scenario, route, what must stand there]
const VIEWS = [
  ['overview', 'healthy', '#/', (p) => p.getByText('Everything in Moesif as of')],
  ['overview-busy', 'busy', '#/', (p) => p.getByText('are on the way to Segment')],
  ['overview-retrying', 'retrying', '#/', (p) => p.getByText(/Segment has taken nothing for 4\smin/)],
  ['overview-blocked', 'blocked', '#/', (p) => p.getByText('which of the two is it?')],
  ['overview-empty', 'empty', '#/', (p) => p.getByText('No pass has run yet')],
  ['profiles', 'healthy', '#/profiles', (p) => p.getByRole('table', { name: 'Profiles' })],
  ['profiles-none', 'healthy', '#/profiles?q=zzzzzz-nobody', (p) => p.getByText('No profile matches')],
  ['profiles-empty', 'empty', '#/profiles', (p) => p.getByText('No profiles yet')],
  ['profile', 'healthy', '#/profiles/u-ada', profile],
  ['profile-hostile', 'healthy', '#/profiles/u-hostile', profile],
  ['profile-arabic', 'healthy', '#/profiles/u-arabic', profile],
  ['profile-long', 'healthy', '#/profiles/u-long', profile],
  ['profile-slashed', 'healthy', `#/profiles/${encodeURIComponent('team/42?a=b#c%20d')}`, profile],
  ['profile-odd', 'healthy', `#/profiles/${encodeURIComponent(ODD)}`, profile],
  ['dead-letters', 'dead', '#/dead-letters', (p) => p.getByRole('heading', { name: 'Refused by Segment' })],
  ['held', 'held', '#/held', (p) => p.getByRole('table', { name: 'Samples of held messages' })],
  ['dead-letters-none', 'healthy', '#/dead-letters', (p) => p.getByText('No dead letters')],
  ['quarantine', 'dead', '#/quarantine', (p) => p.getByRole('heading', { name: 'Nested too deep' })],
  ['held-none', 'healthy', '#/held', (p) => p.getByText('Nothing is held')],
  ['replays', 'healthy', '#/replays?traits=name,email', (p) => p.getByRole('button', { name: 'Preview' })],
  ['passes', 'healthy', '#/passes', (p) => p.getByRole('table', { name: 'Passes' })],
  ['configuration', 'healthy', '#/configuration', (p) => p.getByRole('table', { name: 'Settings of store' })],
  ['lost', 'healthy', '#/nowhere', heading('No such page')],
];

for (const look of LOOKS) {
  let page;
  for (const [name, scenario, route, shown] of VIEWS) {
    test(`${name}, ${look.name}`, async () => {
      double.use(scenario);
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
