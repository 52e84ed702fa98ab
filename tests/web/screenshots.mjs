// The pictures of the README, from a running demo: screenshots.mjs FOLDER, with TRAITSYNC_PAGE_URL and
// TRAITSYNC_PAGE_TOKEN of its address.
import { mkdirSync } from 'node:fs';
import { Stage } from './browser.mjs';

const folder = process.argv[2];
if (!folder || !process.env.TRAITSYNC_PAGE_URL) throw new Error('usage: TRAITSYNC_PAGE_URL=… TRAITSYNC_PAGE_TOKEN=… screenshots.mjs FOLDER');
mkdirSync(folder, { recursive: true });
const LIGHT = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const DARK = { ...LIGHT, colorScheme: 'dark' };
const PHONE = { viewport: { width: 390, height: 780 }, colorScheme: 'light' };

const stage = await Stage.open({ url: process.env.TRAITSYNC_PAGE_URL, token: process.env.TRAITSYNC_PAGE_TOKEN });
const ask = async (path) => (await fetch(stage.url + path, { headers: { authorization: `Bearer ${stage.host.token}` } })).json();
// A demo of half an hour has something to draw.
for (const end = Date.now() + 1_800_000; (await ask('/v1/activity')).steps.length < 25 && Date.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 5_000); });
const pages = { overview: await stage.signedIn(LIGHT), 'overview-dark': await stage.signedIn(DARK), phone: await stage.signedIn(PHONE) };
for (const page of Object.values(pages)) await page.getByRole('img', { name: /^Profiles read a minute over the last hour: [1-9]/ }).waitFor();
// The rates need a few seconds of looking.
await pages.overview.waitForTimeout(8_000);
const { items } = await ask('/v1/profiles?limit=50&state=synced');
const who = items.find((p) => p.email && p.company_id && p.name) ?? items[0];
pages.profile = await stage.signedIn(LIGHT, `#/profiles/${encodeURIComponent(who.user_id)}`);
await pages.profile.getByRole('table', { name: /^Traits/ }).waitFor();
pages.replay = await stage.signedIn(LIGHT, '#/replays');
await pages.replay.getByLabel('Every profile').check();
await pages.replay.getByRole('button', { name: 'Preview', exact: true }).click();
await pages.replay.getByRole('button', { name: /^Send [\d,]+ messages?$/ }).waitFor();
for (const [name, page] of Object.entries(pages)) {
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
await stage.settle();
await stage.close();
