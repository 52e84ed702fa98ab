// The page's files under the service's policy, and the API from fixtures: no C++ needed to test the page.
// `node api_double.mjs [scenario]` serves it for looking at; the token is "secret".
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fixtures from './fixtures.mjs';

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const FROM_UPLOT = new Set(['uPlot.iife.min.js', 'uPlot.esm.js', 'uPlot.min.css']);
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
export const TOKEN = 'secret';
export const VIEWER = 'viewer';

class Refusal extends Error {
  constructor(status, code, detail, more = {}) { super(detail); Object.assign(this, { status, code, more }); }
}
const refuse = (...words) => { throw new Refusal(...words); };

export class ApiDouble {
  #listeners = new Set();
  #answers = new Map();
  quiet = false; // nothing is told
  clock = null; // where its clock stands, for a page whose clock the test moves; null: the machine's
  posts = []; // what the page asked for, for tests to look at

  constructor() { this.use('healthy'); }

  use(scenario) {
    this.scenario = scenario;
    this.clock = null;
    this.quiet = false;
    this.status = fixtures.status();
    fixtures.SCENARIOS[scenario](this.status);
    this.dead = scenario === 'dead' ? fixtures.deadLetters() : [];
    this.quarantine = scenario === 'dead' ? fixtures.quarantine() : [];
    this.brake = {}; // what is another way about it than the fixture has it
    this.mostLookedAt = Infinity;
    this.replays = [];
    this.previews = new Map();
    this.posts.length = 0;
    this.refuseStream = this.fullStreams = false;
    this.conflict = false;
    this.slow = Promise.resolve(); // what an answer waits for
    this.activityFrom = scenario === 'empty' ? Infinity : 0; // steps before this time are not told
    this.tell();
  }

  tell() { if (!this.quiet) for (const out of this.#listeners) this.#event(out); }

  get listeners() { return this.#listeners.size; }

  now() { return this.clock ?? Date.now(); }

  #event(out) {
    this.status.uptime_seconds = Math.floor((this.now() - Date.parse(this.status.started_at)) / 1_000);
    out.write(`event: status\ndata: ${fixtures.written(this.status)}\n\n`);
  }

  // The line breaks: open streams end at once and new ones are refused until it is mended.
  breakLine() { this.refuseStream = true; for (const out of this.#listeners) out.destroy(); }
  mendLine() { this.refuseStream = false; }

  #page(items, query) {
    const limit = Number(query.get('limit') ?? 50);
    const from = Number(query.get('cursor') ?? 0);
    const next = from + limit < items.length ? String(from + limit) : null;
    return { items: items.slice(from, from + limit), next_cursor: next };
  }

  // Of many letters only so many are looked at for a page of one reason: it may be empty, and others follow.
  #letterPage(query) {
    const reason = query.get('reason');
    const belongs = (m) => !reason || m.reason === reason;
    let at = Number(query.get('cursor') ?? 0);
    const end = Math.min(this.dead.length, at + this.mostLookedAt);
    const items = [];
    for (; at < end && !(belongs(this.dead[at]) && items.length === Number(query.get('limit') ?? 50)); at += 1) if (belongs(this.dead[at])) items.push(this.dead[at]);
    return { items, next_cursor: at < this.dead.length ? String(at) : null };
  }

  #profiles(query) {
    if (this.scenario === 'empty') return this.#page([], query);
    const q = (query.get('q') ?? '').toLowerCase();
    const state = query.get('state');
    const company = query.get('company');
    return this.#page(fixtures.profiles.filter((p) => [p.user_id, p.name, p.email].some((v) => v?.toLowerCase().startsWith(q))
      && (!state || p.state === state) && (!company || p.company_id === company)), query);
  }

  #message(id) {
    const [, number] = /-0*(\d+)$/.exec(id) ?? refuse(404, 'not_found', 'no such message');
    const known = this.dead.find((m) => m.message_id === id) ?? fixtures.message(Number(number), 'u-ada', 'acknowledged');
    return { reason: null, answer: null, settled_at: null, body: fixtures.body(known.user_id, { name: fixtures.HOSTILE, exact: '@big' }), frozen: true, ...known };
  }

  read(path, query, given) {
    const [section, id, part] = path.split('/').slice(2).map(decodeURIComponent);
    if (id === undefined) {
      switch (section) {
        case 'access': return { role: given === VIEWER ? 'viewer' : 'admin' };
        case 'status': return this.status;
        case 'profiles': return this.#profiles(query);
        case 'activity': return fixtures.activity(query.get('over') ?? 'hour', this.now(), this.activityFrom);
        case 'runs': return this.#page(this.scenario === 'empty' ? [] : fixtures.runs(), query);
        case 'dead-letters': return this.#letterPage(query);
        case 'quarantine': return this.#page(this.quarantine, query);
        case 'replays': return this.#page(this.replays, query);
        case 'brake': return this.status.queue.held > 0 ? { ...fixtures.brake(), ...this.brake, held: this.status.queue.held } : { state: 'open', held: 0, run: null, traits: [], samples: [] };
        case 'config': return fixtures.config();
        default:
      }
    }
    if (section === 'profiles' && !part) {
      const row = fixtures.profiles.find((p) => p.user_id === id);
      return row ? fixtures.profile(row) : refuse(404, 'not_found', `no profile ${id}`);
    }
    if (section === 'messages') return this.#message(id);
    if (section === 'replays') return this.#progress(this.replays.find((r) => r.id === id) ?? refuse(404, 'not_found', 'no such replay'));
    return refuse(404, 'not_found', `no ${path}`);
  }

  #progress(replay) {
    if (replay.state === 'running') replay.done = Math.min(replay.messages - 1, replay.done + 1);
    return replay;
  }

  finish(replay) { Object.assign(replay, { state: 'done', done: replay.messages, ended_at: fixtures.ago(0) }); this.tell(); }

  #replay({ dry_run: dry, preview_token: token, ...selector }) {
    if (Object.keys(selector).every((k) => k === 'traits')) refuse(422, 'invalid', 'Name a selector.', { errors: [{ pointer: '', detail: 'at least one selector' }] });
    const n = selector.user_ids?.length ?? (selector.company_id === 'nobody' ? 0 : 4_211);
    const numbers = { profiles: n, messages: n, bytes: n * 900, estimated_seconds: Math.ceil(n / 500) };
    if (dry) {
      const preview = `p${this.previews.size}`;
      this.previews.set(preview, n);
      return { ...numbers, sample: n > 0 ? [fixtures.body('u-ada', { name: fixtures.HOSTILE })] : [], preview_token: preview };
    }
    if (this.conflict) {
      this.conflict = false;
      refuse(409, 'conflict', 'The set differs from the preview.', { joined: 3, left: 1 });
    }
    if (!this.previews.has(token)) refuse(422, 'invalid', 'Unknown token.', { errors: [{ pointer: '/preview_token', detail: 'unknown' }] });
    const replay = { id: `r${this.replays.length + 1}`, state: 'running', ...numbers, done: 0, created_at: fixtures.ago(0), ended_at: null, selector, error: null };
    this.replays.unshift(replay);
    return replay;
  }

  #letters(body, verb) {
    const chosen = this.dead.filter((m) => body.all || m.reason === body.reason || body.message_ids?.includes(m.message_id));
    this.dead = this.dead.filter((m) => !chosen.includes(m));
    this.status.queue.dead = this.dead.length;
    if (verb === 'retry') this.status.queue.waiting += chosen.length;
    return { count: chosen.length };
  }

  #brake() {
    const count = this.status.queue.held;
    this.status.queue.held = 0;
    this.status.reasons = [];
    this.status.state = 'running';
    return { count };
  }

  #pause(scope = 'all', on) {
    if (scope !== 'deliver') this.status.moesif.paused = on;
    if (scope !== 'pull') this.status.segment.paused = on;
    return { pull_paused: this.status.moesif.paused, deliver_paused: this.status.segment.paused };
  }

  change(path, body) {
    switch (path) {
      case '/v1/pull': return this.status.moesif.paused ? refuse(409, 'conflict', 'Pulling is paused.') : { ...fixtures.runs()[0], kind: body.kind };
      case '/v1/pause': return this.#pause(body.scope, true);
      case '/v1/resume': return this.#pause(body.scope, false);
      case '/v1/dead-letters/retry': return this.#letters(body, 'retry');
      case '/v1/dead-letters/discard': return this.#letters(body, 'discard');
      case '/v1/brake/release': case '/v1/brake/discard': return this.#brake();
      case '/v1/destination': this.status.reasons = []; this.status.state = 'running'; return { action: body.action };
      case '/v1/replays': return this.#replay(body);
      default:
    }
    const [, id] = /^\/v1\/replays\/([^/]+)\/cancel$/.exec(path) ?? refuse(404, 'not_found', `no ${path}`);
    const replay = this.replays.find((r) => r.id === decodeURIComponent(id));
    if (replay?.state !== 'running') refuse(409, 'conflict', 'It does not run.');
    return Object.assign(replay, { state: 'cancelled', ended_at: fixtures.ago(0) });
  }

  async #post(request, path, out) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const key = request.headers['idempotency-key'];
    if (request.headers['content-type'] !== 'application/json') refuse(415, 'media_type', 'JSON only.');
    if (!key) refuse(422, 'invalid', 'No Idempotency-Key.');
    this.posts.push({ path, body: JSON.parse(text), key });
    const remembered = `${path} ${key}`;
    if (!this.#answers.has(remembered)) this.#answers.set(remembered, this.change(path, JSON.parse(text)));
    const status = path === '/v1/pull' || (path === '/v1/replays' && !JSON.parse(text).dry_run) ? 202 : 200;
    this.#json(out, status, this.#answers.get(remembered));
    this.tell();
  }

  #json(out, status, body, type = 'application/json') {
    out.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'none'", 'X-Content-Type-Options': 'nosniff' });
    out.end(fixtures.written(body));
  }

  async #file(name, out) {
    const folder = FROM_UPLOT.has(name) ? `${WEB}node_modules/uplot/dist/` : WEB;
    if (!TYPES[extname(name)]) refuse(404, 'not_found', name);
    const content = await readFile(folder + name).catch(() => refuse(404, 'not_found', name));
    out.writeHead(200, { 'Content-Type': TYPES[extname(name)], 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'X-Frame-Options': 'DENY', 'Cross-Origin-Resource-Policy': 'same-origin' });
    out.end(content);
  }

  async answer(request, out) {
    const { pathname, searchParams } = new URL(request.url, 'http://host');
    try {
      if (pathname === '/') return await this.#file('index.html', out);
      if (pathname.startsWith('/assets/')) return await this.#file(basename(pathname), out);
      const given = request.headers.authorization?.replace('Bearer ', '');
      if (given !== TOKEN && given !== VIEWER) refuse(401, 'unauthorized', 'The token is not accepted.');
      if (request.method === 'POST') {
        if (given === VIEWER) refuse(403, 'forbidden', 'The viewer token may only read.');
        return await this.#post(request, pathname, out);
      }
      if (pathname !== '/v1/events' && pathname !== '/v1/access') await this.slow;
      if (pathname !== '/v1/events') return this.#json(out, 200, this.read(pathname, searchParams, given));
      if (this.refuseStream) refuse(503, 'unavailable', 'Not now.');
      if (this.fullStreams) refuse(429, 'too_many', 'Too many streams.');
      out.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      this.#listeners.add(out);
      out.on('close', () => this.#listeners.delete(out));
      this.#event(out);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      this.#json(out, problem.status, { type: `urn:traitsync:problem:${problem.code}`, title: problem.code, status: problem.status, detail: problem.message, ...problem.more }, 'application/problem+json');
    }
    return undefined;
  }

  async start(port = 0) {
    this.server = createServer((request, out) => { this.answer(request, out).catch((e) => { out.destroy(e); }); });
    await new Promise((resolve) => { this.server.listen(port, '127.0.0.1', resolve); });
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    this.token = TOKEN;
    return this.url;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const double = new ApiDouble();
  const url = await double.start(Number(process.env.PORT ?? 8738));
  double.use(process.argv[2] ?? 'healthy');
  console.log(`${url}/#token=${TOKEN}`);
}
