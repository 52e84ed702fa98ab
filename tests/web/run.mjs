// Runs all tests one after the other and ends with a line that a caller can add up.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const folder = new URL('.', import.meta.url);
const files = process.argv.slice(2);
let passed = 0;
let failed = 0;
let broken = 0;
for (const file of files.length > 0 ? files : readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).sort()) {
  const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => { text += chunk; process.stdout.write(chunk); });
  const code = await new Promise((resolve) => { child.on('close', resolve); });
  const number = (word) => Number([...text.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  passed += number('pass');
  failed += number('fail') + number('cancelled');
  if (code !== 0 && number('fail') + number('cancelled') === 0) broken += 1;
}
console.log(`${passed} passed, ${failed + broken} failed`);
process.exitCode = failed + broken > 0 ? 1 : 0;
