// Runs the test files and ends with a line that a caller can add up. They share one browser and run two at a time:
// each mostly waits for its pages.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { BROWSER } from './browser.mjs';

const folder = new URL('.', import.meta.url);
const asked = process.argv.slice(2);
const files = asked.length > 0 ? asked : readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).sort();
const browser = await chromium.launchServer(BROWSER);
let passed = 0;
let failed = 0;

async function runFile(file) {
  const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file],
    { cwd: folder, env: { ...process.env, TRAITSYNC_PAGE_BROWSER: browser.wsEndpoint() }, stdio: ['ignore', 'pipe', 'inherit'], timeout: 600_000 });
  let text = '';
  child.stdout.on('data', (chunk) => { text += chunk; });
  const code = await new Promise((resolve) => { child.on('close', resolve); });
  const number = (word) => Number([...text.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const bad = number('fail') + number('cancelled');
  passed += number('pass');
  failed += code !== 0 && bad === 0 ? 1 : bad;
  console.log(`# ${file}\n${text}`);
}

const waiting = [...files];
const worker = async () => { while (waiting.length > 0) await runFile(waiting.shift()); };
await Promise.all([worker(), worker()]);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
