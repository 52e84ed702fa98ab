// The real binary with the built-in Moesif and Segment, both at a test's command.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PROGRAM = process.env.TRAITSYNC ?? '';
const SERVICES = process.env.TRAITSYNC_PAGE_SERVICES ?? '';
export const TOKEN = 'page-admin-token-0123456789';
export const VIEWER = 'page-viewer-token-0123456789';

const ended = (child) => new Promise((resolve) => { child.once('exit', resolve); });

export class Deployment {
  #answers = [];
  #log = '';

  static async open() {
    const made = new Deployment();
    made.folder = mkdtempSync(join(tmpdir(), 'traitsync-page-'));
    made.services = spawn(SERVICES, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: made.services.stdout }).on('line', (line) => made.#answers.shift()(JSON.parse(line)));
    made.places = await new Promise((resolve) => { made.#answers.push(resolve); });
    return made;
  }

  async close() {
    await this.stop();
    this.services.stdin.end();
    await ended(this.services);
    rmSync(this.folder, { recursive: true });
  }

  // Each order is answered when it is done.
  order(what, more = {}) {
    const answer = new Promise((resolve) => { this.#answers.push(resolve); });
    this.services.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
    return answer;
  }

  user(id, source) { return this.order('user', { id, source: typeof source === 'string' ? source : JSON.stringify({ user_id: id, ...source }) }); }
  company(id, source) { return this.order('company', { id, source: JSON.stringify({ company_id: id, ...source }) }); }

  async start({ writeKey = 'pagekey0pagekey0pagekey0pagekey0', listen = '127.0.0.1:0' } = {}) {
    this.#log = '';
    this.service = spawn(PROGRAM, ['run'], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH, TRAITSYNC_LOG_FORMAT: 'json', TRAITSYNC_ADMIN_LISTEN: listen,
        TRAITSYNC_MOESIF_URL: this.places.moesif, TRAITSYNC_MOESIF_TOKEN: 'page-moesif-token-0123456789', TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE: '0',
        // The test says when Moesif is read.
        TRAITSYNC_MOESIF_INTERVAL: '1h', TRAITSYNC_SEGMENT_URL: this.places.segment, TRAITSYNC_SEGMENT_WRITE_KEY: writeKey,
        TRAITSYNC_STORE_PATH: join(this.folder, 'store.db'), TRAITSYNC_STORE_MIN_FREE: '0', TRAITSYNC_TRAITS_BRAKE_MIN: '20',
        TRAITSYNC_ADMIN_TOKEN: TOKEN, TRAITSYNC_ADMIN_VIEWER_TOKEN: VIEWER,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { service } = this;
    const gone = ended(service).then((code) => { throw new Error(`the service ended with ${code}:\n${this.#log}`); });
    const port = new Promise((resolve) => {
      service.stderr.setEncoding('utf8').on('data', (text) => {
        this.#log += text;
        const found = /"event":"listening".*?:(\d+)"/.exec(this.#log);
        if (found) resolve(Number(found[1]));
      });
    });
    gone.catch(() => {}); // a later end is the test's own doing
    this.port = await Promise.race([port, gone]);
    this.url = `http://127.0.0.1:${this.port}`;
  }

  async stop() {
    if (!this.service) return;
    const end = ended(this.service);
    this.service.kill('SIGTERM');
    await end;
    this.service = null;
  }

  async restart(options) {
    await this.stop();
    await this.start({ listen: `127.0.0.1:${this.port}`, ...options });
  }

  async ask(path, { body, token = TOKEN, method = body === undefined ? 'GET' : 'POST' } = {}) {
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer.json();
  }

  async until(what, holds, limit = 60_000) {
    for (const end = Date.now() + limit; !(await holds());) {
      assert.ok(Date.now() < end, `in time: ${what}\n${JSON.stringify(await this.ask('/v1/status'))}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }

  async queue() { return (await this.ask('/v1/status')).queue; }

  async settled() {
    await this.until('the first pass', async () => (await this.ask('/v1/status')).moesif.last_pass_at !== null);
    await this.until('an empty queue', async () => { const q = await this.queue(); return q.waiting + q.offered === 0; });
  }

  // A pass from its start to its end.
  async pull(kind = 'incremental') {
    const { id } = await this.ask('/v1/pull', { body: { kind } });
    await this.until('the end of the pass', async () => (await this.ask('/v1/runs')).items.some((run) => run.id === id && run.ended !== null));
  }
}
