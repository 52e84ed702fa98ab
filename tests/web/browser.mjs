// One browser for a test file; each test gets pages that may not complain, leave the host or break the policy.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { ApiDouble, TOKEN } from './api_double.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.TRAITSYNC_PAGE_SHOTS ?? '';
export const REAL = process.env.TRAITSYNC_PAGE_URL ?? '';
export const needsDouble = REAL ? { skip: 'needs the doubled service' } : {};
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
export const PHONE = ALL_LOOKS[2];

export class Stage {
  #faults = [];
  #contexts = [];

  static async open() {
    const stage = new Stage();
    stage.double = new ApiDouble();
    stage.url = REAL ? new URL(REAL).origin : await stage.double.start();
    stage.token = REAL ? process.env.TRAITSYNC_PAGE_TOKEN : TOKEN;
    stage.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    return stage;
  }

  async close() {
    await this.browser.close();
    if (!REAL) await this.double.stop();
  }

  // `expected` names complaints that a test causes on purpose, such as the browser's line for a 401.
  async page(look = DESKTOP, { expected = [], clock = false } = {}) {
    const context = await this.browser.newContext({ viewport: look.viewport, colorScheme: look.colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' });
    this.#contexts.push(context);
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    if (clock) await page.clock.install();
    const fault = (text) => { if (!expected.some((part) => text.includes(part))) this.#faults.push(text); };
    page.on('console', (line) => { if (['error', 'warning'].includes(line.type())) fault(`console: ${line.text()}`); });
    page.on('pageerror', (error) => fault(`uncaught: ${error.stack}`));
    page.on('dialog', (dialog) => { fault(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('request', (request) => { const { origin, protocol } = new URL(request.url()); if (origin !== this.url && protocol !== 'data:') fault(`other host: ${request.url()}`); });
    await page.addInitScript(() => addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)));
    return page;
  }

  async signedIn(look, route = '#/', options) {
    const page = await this.page(look, options);
    await page.goto(`${this.url}/${route}${route.includes('?') ? '&' : '?'}token=${this.token}`);
    await page.locator('.connection[data-state="live"]').waitFor();
    return page;
  }

  // After each test: nothing was complained of, and unless the next test goes on with its page, nothing stays open.
  async settle({ keep = false } = {}) {
    if (!keep) for (const context of this.#contexts.splice(0)) await context.close();
    const faults = this.#faults.splice(0);
    assert.deepEqual(faults, []);
  }
}

export async function checkAccess(page, what) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
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
}

export async function shoot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}
