// One browser for all test files; each test gets pages that may not complain, leave the host or break the policy.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.TRAITSYNC_PAGE_SHOTS ?? '';
export const BROWSER = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] };
const ALL_LOOKS = [
  { name: 'desktop-light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'phone-light', viewport: { width: 360, height: 740 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
];
// TRAITSYNC_PAGE_LOOKS=desktop-light,phone-dark: fewer, for a quick run.
const named = process.env.TRAITSYNC_PAGE_LOOKS?.split(',');
export const LOOKS = ALL_LOOKS.filter((look) => !named || named.includes(look.name));
export const DESKTOP = ALL_LOOKS[0];
export const isPhone = (look) => look.viewport.width < 600;

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const dialog = (page) => page.getByRole('dialog');
export const said = (page, text) => page.locator('.notice', { hasText: text }).waitFor();
export const traitTable = (page) => page.getByRole('table', { name: /^Traits/ });
export const isLive = (page) => page.locator('.connection[data-state="live"]').waitFor();

export class Stage {
  #faults = [];
  #expected = [];
  #contexts = [];

  // `host` has url and token: the real service or the doubled one. The url is asked for each time: a service may move.
  constructor(host) { this.host = host; }

  static async open(host) {
    const stage = new Stage(host);
    const shared = process.env.TRAITSYNC_PAGE_BROWSER;
    stage.browser = shared ? await chromium.connect(shared) : await chromium.launch(BROWSER);
    return stage;
  }

  close() { return this.browser.close(); }

  get url() { return this.host.url; }

  // Names complaints that a test causes on purpose, such as the browser's line for a 401; until the test ends.
  expect(...parts) { this.#expected.push(...parts); }

  get faults() { return this.#faults; }

  #fault(text) { if (!this.#expected.some((part) => text.includes(part))) this.#faults.push(text); }

  async page(look = DESKTOP, { clock = null } = {}) {
    const context = await this.browser.newContext({ viewport: look.viewport, colorScheme: look.colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' });
    this.#contexts.push(context);
    context.setDefaultTimeout(Number(process.env.TRAITSYNC_PAGE_PATIENCE ?? 30_000));
    const page = await context.newPage();
    // A time: it stands there until the test moves it. What takes long on a slow machine then takes no time.
    if (clock) {
      // It runs until it is stopped, and cannot be stopped at a time that has passed.
      await page.clock.install({ time: clock - 60_000 });
      await page.clock.pauseAt(clock);
    }
    page.on('console', (line) => { if (['error', 'warning'].includes(line.type())) this.#fault(`console: ${line.text()}`); });
    page.on('pageerror', (error) => this.#fault(`uncaught: ${error.stack}`));
    page.on('dialog', (shown) => { this.#fault(`dialog: ${shown.message()}`); shown.dismiss(); });
    page.on('request', (request) => { const { origin, protocol } = new URL(request.url()); if (origin !== this.url && protocol !== 'data:') this.#fault(`other host: ${request.url()}`); });
    await page.addInitScript(() => addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)));
    return page;
  }

  async signedIn(look, route = '#/', { token = this.host.token, ...options } = {}) {
    const page = await this.page(look, options);
    await page.goto(`${this.url}/${route}${route.includes('?') ? '&' : '?'}token=${token}`);
    await isLive(page);
    return page;
  }

  // After each test: nothing was complained of, and unless the next test goes on with its page, nothing stays open.
  async settle({ keep = false } = {}) {
    if (!keep) for (const context of this.#contexts.splice(0)) await context.close();
    this.#expected.length = 0;
    assert.deepEqual(this.#faults.splice(0), []);
  }
}

export async function checkAccess(page, what) {
  if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }));
  const found = violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 4).map((n) => `   ${n.target} ${n.failureSummary.split('\n').slice(1, 2)}`).join('\n')}`);
  assert.deepEqual(found, [], what);
}

export async function checkWidth(page, what) {
  const { wide, names } = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const over = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 1 && !e.closest('.unseen, thead'));
    return { wide: document.documentElement.scrollWidth > limit, names: over.slice(0, 3).map((e) => `${e.tagName}.${e.className}`) };
  });
  assert.equal(wide, false, `${what} is wider than the window: ${names}`);
  const cut = await page.evaluate(() => [...document.querySelectorAll('.number')].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.textContent));
  assert.deepEqual(cut, [], `${what}: numbers without room`);
}

export async function shoot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}
