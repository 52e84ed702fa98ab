// Calls every operation of the description on a running service and checks each answer against it: status, content
// type, headers, body. Then the other way: every operation was answered, every field of the main objects was seen.
// Usage: TRAITSYNC_URL=http://127.0.0.1:8737 TRAITSYNC_TOKEN=… [TRAITSYNC_VIEWER_TOKEN=…] node contract.mjs
//
// The service must have profiles. It is paused and resumed, one user is sent again, a pass is started; nothing is
// discarded or released.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Results, Schemas, follow, operations, readText } from './description.mjs';

const { TRAITSYNC_URL, TRAITSYNC_TOKEN, TRAITSYNC_VIEWER_TOKEN } = process.env;
if (!TRAITSYNC_URL || !TRAITSYNC_TOKEN) {
  console.error('TRAITSYNC_URL and TRAITSYNC_TOKEN must be set');
  process.exit(2);
}
const service = new URL(TRAITSYNC_URL);

const text = await readText();
const document = JSON.parse(text);
const schemas = new Schemas(document);
const results = new Results();
const byId = new Map(operations(document).map((o) => [o.operation.operationId, o]));
const answered = new Map([...byId.keys()].map((id) => [id, new Set()])); // statuses
const fields = new Set(); // Schema.field

// Operations that can do harm when they succeed: any answer of the operation itself is enough.
const harmful = new Set(['settleDestination']);

// --- one exchange -------------------------------------------------------------------------------------

function send({ method, path, headers = {}, body, enough }) {
  const start = service.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const r = start({ host: service.hostname.replace(/^\[|\]$/g, ''), port: service.port || (service.protocol === 'https:' ? 443 : 80), method, path,
      headers: { Host: service.host, ...headers }, agent: false, timeout: 20_000 });
    let told = false;
    r.on('timeout', () => r.destroy(new Error('no answer within 20 s')));
    r.on('error', (e) => { if (!told) reject(e); });
    r.on('response', (answer) => {
      const parts = [];
      const tell = () => {
        told = true;
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString('utf8'), close: () => r.destroy() });
      };
      answer.on('data', (part) => {
        parts.push(part);
        if (!told && enough?.(Buffer.concat(parts).toString('utf8'))) tell();
      });
      answer.on('end', tell);
      answer.on('error', (e) => { if (!told) reject(e); });
    });
    r.end(body);
  });
}

const target = (path, values, query) => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    if (values?.[name] === undefined) throw new Error(`no value for {${name}} of ${path}`);
    return encodeURIComponent(values[name]);
  });
  const search = new URLSearchParams(query ?? {}).toString();
  return search ? `${filled}?${search}` : filled;
};

// --- what an answer must be ---------------------------------------------------------------------------

const PROMISED = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY', 'cross-origin-resource-policy': 'same-origin' };

function headerProblems(pointer, response, headers) {
  const problems = [];
  for (const [name, value] of Object.entries(PROMISED)) if (headers[name] !== value) problems.push(`header ${name} is ${headers[name]}, not ${value}`);
  if (!headers['content-security-policy']) problems.push('header content-security-policy is missing');
  for (const name of Object.keys(response.headers ?? {})) {
    const header = follow(document, `${pointer}/headers/${name}`);
    const value = headers[name.toLowerCase()];
    if (value === undefined) {
      if (header.value.required) problems.push(`header ${name} is missing`);
      continue;
    }
    const typed = header.value.schema.type === 'integer' ? Number(value) : value;
    problems.push(...schemas.errors(`${header.pointer}/schema`, typed).map((e) => `header ${name}: ${e}`));
  }
  return problems;
}

// Notes which documented fields an answer has.
function note(pointer, value) {
  if (value === null || typeof value !== 'object') return;
  const found = follow(document, pointer);
  const name = /^\/components\/schemas\/(\w+)$/.exec(found.pointer)?.[1];
  const schema = found.value;
  for (const [at] of (schema.oneOf ?? []).entries()) {
    if (schemas.errors(`${found.pointer}/oneOf/${at}`, value).length === 0) note(`${found.pointer}/oneOf/${at}`, value);
  }
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) note(`${found.pointer}/items`, item);
    return;
  }
  for (const field of Object.keys(schema.properties ?? {})) {
    if (!(field in value)) continue;
    if (name) fields.add(`${name}.${field}`);
    note(`${found.pointer}/properties/${field}`, value[field]);
  }
}

function problemsWith({ pointer, operation }, answer, isHead) {
  const documented = operation.responses[answer.status];
  if (!documented) return { problems: [`status ${answer.status} is not documented: ${answer.body.slice(0, 300)}`] };
  const response = follow(document, `${pointer}/responses/${answer.status}`);
  const problems = headerProblems(response.pointer, response.value, answer.headers);
  const content = response.value.content;
  if (!content) {
    if (answer.body !== '') problems.push('it has a body');
    return { problems };
  }
  const type = (answer.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (!content[type]) return { problems: [...problems, `content type ${type || '(none)'} is not documented for ${answer.status}`] };
  if (isHead) {
    if (answer.body !== '') problems.push('the answer to HEAD has a body');
    return { problems };
  }
  const schema = `${response.pointer}/content/${type.replaceAll('/', '~1')}/schema`;
  let value = answer.body;
  if (type.endsWith('json')) {
    try {
      value = JSON.parse(answer.body);
    } catch (e) {
      return { problems: [...problems, `the body is not JSON: ${e.message}`] };
    }
    if (type === 'application/problem+json' && value.status !== answer.status) problems.push(`the body's status is ${value.status}`);
  }
  const wrong = schemas.errors(schema, value);
  if (wrong.length === 0) note(schema, value);
  return { problems: [...problems, ...wrong], value };
}

// Calls an operation; `expected` are the statuses that this call may give. The answer, or undefined when it is wrong.
async function call(id, expected, { values, query, body, raw, headers = {}, token = TRAITSYNC_TOKEN, method, enough } = {}) {
  const o = byId.get(id);
  if (!o) throw new Error(`the description has no operation ${id}`);
  const sent = { ...headers };
  if (token && o.operation.security.length > 0) sent.Authorization = `Bearer ${token}`;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  if (payload !== undefined) {
    sent['Content-Type'] ??= 'application/json';
    sent['Content-Length'] = Buffer.byteLength(payload);
  }
  const path = target(o.path, values, query);
  const name = `${method ?? o.method} ${path}${payload === undefined ? '' : ` ${payload.slice(0, 80)}`}`;
  let answer;
  try {
    answer = await send({ method: method ?? o.method, path, headers: sent, body: payload, enough });
  } catch (e) {
    results.check(name, [`no answer: ${e.message}`]);
    return undefined;
  }
  const { problems, value } = problemsWith(o, answer, method === 'HEAD');
  if (!expected.includes(answer.status)) problems.push(`status ${answer.status} instead of ${expected.join(' or ')}: ${answer.body.slice(0, 300)}`);
  if (answer.status !== 401) answered.get(id).add(String(answer.status));
  return results.check(`${name} → ${answer.status}`, problems) ? { ...answer, value } : undefined;
}

// Ends a stream that is longer than this.
const within = (milliseconds) => {
  const end = Date.now() + milliseconds;
  return () => Date.now() > end;
};
const get = async (id, options) => (await call(id, [200], options))?.value;
const expect = (name, holds, words = 'it does not') => results.check(name, holds ? [] : [words]);

// --- what needs no token ------------------------------------------------------------------------------

await get('getHealth');
await call('getReadiness', [200, 503]);
const served = await call('getDescription', [200]);
expect('the served description is api/openapi.json', served?.body === text);
const page = await call('getPage', [200]);
const assets = new Set([...(page?.body ?? '').matchAll(/"\/assets\/([^"]+)"/g)].map((m) => m[1]));
expect('the page names its files', assets.size > 0);
for (const name of assets) await call('getPageFile', [200], { values: { name } });
await call('getPageFile', [404], { values: { name: 'no-such-file' } });
const metrics = await call('getMetrics', [200]);
expect('the metrics are in the text format 0.0.4', metrics?.headers['content-type']?.includes('version=0.0.4'));

// What the dashboard and the alerts ask for is there.
const samples = new Set([...(metrics?.body ?? '').matchAll(/^([a-z_:][a-z0-9_:]*)[{ ]/gm)].map((m) => m[1]));
const declared = new Set([...(metrics?.body ?? '').matchAll(/^# TYPE (\S+)/gm)].map((m) => m[1]));
const isThere = (name) => samples.has(name) || declared.has(name);
const board = JSON.parse(await readFile(new URL('../../docs/prometheus/dashboard.json', import.meta.url), 'utf8'));
const panels = board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
const expressions = panels.flatMap((panel) => (panel.targets ?? []).map((target) => target.expr));
const alerts = await readFile(new URL('../../docs/prometheus/alerts.yml', import.meta.url), 'utf8');
for (const [file, used] of [['dashboard.json', `${expressions.join('\n')} ${JSON.stringify(board.templating)} ${JSON.stringify(board.annotations)}`], ['alerts.yml', alerts.replace(/^ *(- alert|#).*$/gm, '')]]) {
  const wanted = [...new Set([...used.matchAll(/\b(?:traitsync|process)_[a-z0-9_]+/g)].map((m) => m[0]))];
  expect(`${file} uses metrics`, wanted.length > 5, `only ${wanted}`);
  results.check(`${file} names metrics that there are`, wanted.filter((name) => !isThere(name)));
}
results.check('every panel of the dashboard has an id of its own, a title, a place and something to show', panels.filter((panel, i) => panels.findIndex((p) => p.id === panel.id) !== i
  || !(panel.title || panel.type === 'row') || !panel.gridPos || !(panel.type === 'row' || panel.type === 'text' || panel.targets?.every((t) => t.expr && t.refId))).map((panel) => `${panel.id} ${panel.title}`));

// --- looking ------------------------------------------------------------------------------------------

const first = await get('getStatus');
// Places of listeners that went away, e.g. of a run before this one, are free again after the next heartbeats.
const aFirstEvent = (answer) => answer.includes('\n\n');
for (let tries = 0; tries < 20; ++tries) {
  const answer = await send({ method: 'GET', path: '/v1/events', headers: { Authorization: `Bearer ${TRAITSYNC_TOKEN}` }, enough: aFirstEvent });
  answer.close();
  if (answer.status !== 429) break;
  await sleep(2000);
}
const told = await call('streamEvents', [200], { enough: aFirstEvent });
told?.close();
const data = told?.body.split('\n').find((line) => line.startsWith('data: '))?.slice(6);
expect('an event is called status', told?.body.includes('event: status\n'));
const stream = await call('streamEvents', [200], { enough: within(3500) });
stream?.close();
const events = stream?.body.split('event: status\n').length - 1;
expect('events come at most once a second', events <= 5, `${events} within 3.5 s`);
results.check('an event holds the status', data ? schemas.errors('/components/schemas/Status', JSON.parse(data)) : ['there is no data']);

const people = await get('listProfiles', { query: { limit: 50 } });
const person = people?.items.find((p) => p.company_id && p.state !== 'gone') ?? people?.items.find((p) => p.state !== 'gone');
if (!expect('the store has a profile', person !== undefined, 'start the service with profiles, e.g. traitsync demo')) {
  results.finish();
  process.exit();
}
const user = { user_id: person.user_id };
const few = await get('listProfiles', { query: { limit: 1 } });
if (few?.next_cursor) {
  const next = await get('listProfiles', { query: { limit: 1, cursor: few.next_cursor } });
  expect('the next page goes on', next?.items[0]?.user_id !== few.items[0]?.user_id);
}
for (const query of [{ q: person.user_id }, { company: person.company_id ?? 'none' }, { state: 'synced' }, { state: 'gone' }]) await get('listProfiles', { query });
await get('getProfile', { values: user });
const all = await get('explainProfile', { values: user });
const names = document.components.schemas.TraitName.enum;
expect('all traits are explained', JSON.stringify(all?.items.map((e) => e.trait)) === JSON.stringify(names));
await get('explainProfile', { values: user, query: { trait: 'email' } });
if (person.company_id) await get('getCompany', { values: { id: person.company_id } });
for (const state of document.components.schemas.MessageState.enum) await get('listMessages', { query: { state } });
await get('listMessages', { query: { user_id: person.user_id, since: '2020-01-01T00:00:00Z' } });
const messages = await get('listMessages', { query: { limit: 5 } });
expect('the store has a message', messages?.items.length > 0);
for (const m of messages?.items ?? []) await get('getMessage', { values: { message_id: m.message_id } });
for (const reason of [undefined, ...document.components.schemas.DeadReason.enum]) await get('listDeadLetters', { query: reason ? { reason } : {} });
for (const id of ['listQuarantine', 'listReplays', 'listRuns', 'getBrake', 'getConfig']) await get(id);
expect('the token is the admin’s', (await get('getAccess'))?.role === 'admin');
for (const over of [undefined, ...document.components.schemas.Activity.properties.over.enum]) {
  const activity = await get('getActivity', { query: over ? { over } : {} });
  expect(`activity over ${over ?? 'the default'}`, activity?.over === (over ?? 'hour'));
}

// Things carry an ETag.
for (const [id, values] of [['getConfig'], ['getBrake'], ['getDescription'], ['getPage'], ['getPageFile', { name: [...assets][0] }]]) {
  const etag = (await call(id, [200], { values }))?.headers.etag;
  if (etag) await call(id, [304], { values, headers: { 'If-None-Match': etag } });
  await call(id, [200], { values, method: 'HEAD' });
}

// --- what is refused ----------------------------------------------------------------------------------

const anyValues = { user_id: 'no/such user', id: '999999999', message_id: '00000000-0000-7000-8000-000000000000', name: 'x' };
for (const [id, { operation, path, method }] of byId) {
  if (operation.security.length > 0) await call(id, [401], { token: '', values: anyValues });
  if (operation.responses['404'] && path.startsWith('/v1/')) await call(id, [404], { values: anyValues, ...(id === 'forgetProfile' ? { body: { allow: true } } : {}) });
  if (operation.parameters?.some((p) => p.$ref === '#/components/parameters/Limit')) {
    await call(id, [422], { query: { limit: 0 } });
    await call(id, [422], { query: { cursor: '!' } });
  }
  if (path.startsWith('/v1/') && method === 'GET') await call(id, [422], { values: anyValues, query: { no_such_value: 1 } });
  await call(id, [421], { values: anyValues, headers: { Host: 'example.com' } });
  await call(id, [403], { values: anyValues, headers: { Origin: 'https://example.com' } });
}
for (const [id, query] of [['listProfiles', { state: 'x' }], ['listMessages', { state: 'x' }], ['listMessages', { since: 'x' }], ['listDeadLetters', { reason: 'x' }], ['getActivity', { over: 'week' }]]) await call(id, [422], { query });
await call('explainProfile', [422], { values: user, query: { trait: 'emial' } });
await call('getStatus', [431], { headers: { 'X-Long': 'x'.repeat(17 * 1024) } });

// The server's own table of routes says the same as the description, both ways.
const table = await readFile(new URL('../../src/admin/routes.cpp', import.meta.url), 'utf8');
const routes = [...table.matchAll(/\{"(GET|POST)", "([^"]+)", &api::/g)].map(([, method, path]) => `${method} ${path}`).sort();
const described = [...byId.values()].map(({ method, path }) => `${method} ${path}`).sort();
expect('the table of routes was found', routes.length > 25, `${routes.length} routes`);
results.check('every route is described', routes.filter((r) => !described.includes(r)));
results.check('every described operation is a route', described.filter((r) => !routes.includes(r)));

for (const path of Object.keys(document.paths)) {
  const answer = await send({ method: 'DELETE', path: target(path, anyValues), headers: { Authorization: `Bearer ${TRAITSYNC_TOKEN}` } });
  const takes = Object.keys(document.paths[path]).flatMap((m) => (m === 'get' ? ['GET', 'HEAD'] : [m.toUpperCase()])).sort().join(', ');
  const problem = follow(document, '/components/responses/MethodNotAllowed');
  results.check(`DELETE ${path}`, answer.status !== 405 ? [`status ${answer.status} instead of 405`] : [
    ...(answer.headers.allow?.split(', ').sort().join(', ') === takes ? [] : [`Allow is ${answer.headers.allow}, described are ${takes}`]),
    ...headerProblems(problem.pointer, problem.value, answer.headers),
    ...schemas.errors(`${problem.pointer}/content/application~1problem+json/schema`, JSON.parse(answer.body)),
  ]);
}
const lost = await send({ method: 'GET', path: '/v1/no-such-path', headers: { Authorization: `Bearer ${TRAITSYNC_TOKEN}` } });
expect('an unknown path gives 404', lost.status === 404);

for (const [id, { method }] of byId) {
  if (method !== 'POST') continue;
  const values = { id: '999999999', user_id: 'no/such user' };
  if (TRAITSYNC_VIEWER_TOKEN) await call(id, [403], { values, token: TRAITSYNC_VIEWER_TOKEN });
  await call(id, [400], { values, raw: '{"' });
  await call(id, [413], { values, raw: `{"x":"${'x'.repeat(1024 * 1024)}"}` });
  await call(id, [415], { values, raw: '{}', headers: { 'Content-Type': 'text/plain' } });
  await call(id, [422], { values, body: { no_such_field: 1 } });
  await call(id, [422], { values, headers: { 'Idempotency-Key': 'x'.repeat(256) } });
}

// --- acting -------------------------------------------------------------------------------------------

// Somebody who was never seen is forgotten too, and allowed again.
await call('forgetProfile', [200], { values: anyValues });
expect('of a forgotten person only that is said', (await call('getProfile', [404], { values: anyValues }))?.value.detail.includes('forgotten'));
await call('forgetProfile', [200], { values: anyValues, body: { allow: true } });

// The operator's pause stays as it was.
const wasPaused = { pull: first?.moesif.paused, deliver: first?.segment.paused };

await call('pause', [200], { body: { scope: 'pull' } });
await call('startPull', [409], { body: { kind: 'incremental' } });
const paused = await call('pause', [200]);
expect('a pause without a body is of both', paused?.value.pull_paused && paused?.value.deliver_paused);
expect('the status tells of the pause', (await get('getStatus'))?.reasons.some((r) => r.code === 'deliver_paused'));

const selector = { user_ids: [person.user_id] };
const preview = await call('startReplay', [200], { body: { ...selector, dry_run: true } });
const key = randomUUID();
const order = { ...selector, preview_token: preview?.value.preview_token };
const started = await call('startReplay', [202], { body: order, headers: { 'Idempotency-Key': key } });
expect('the first answer is not a repeated one', started?.headers['idempotency-replayed'] === undefined);
const again = await call('startReplay', [202], { body: order, headers: { 'Idempotency-Key': key } });
expect('a repeated request gives the first answer', again?.headers['idempotency-replayed'] === 'true' && again.body === started?.body && again.headers.location === started?.headers.location);
await call('startReplay', [422], { body: { ...selector, traits: ['email'] }, headers: { 'Idempotency-Key': key } });
const id = started?.value.id;
expect('Location names the replay', started?.headers.location === `/v1/replays/${id}`);

// Nothing is delivered now: the message of the replay waits, or an earlier one is on its way.
let profile;
for (let tries = 0; tries < 20 && !profile?.pending; ++tries) {
  profile = await get('getProfile', { values: user });
  if (!profile?.pending) await sleep(250);
}
expect('the profile shows the message of the replay', profile?.pending != null);
if (profile?.pending) await get('getMessage', { values: { message_id: profile.pending.message_id } });
await get('getReplay', { values: { id } });
await get('listReplays', { query: { limit: 1 } });
await call('cancelReplay', [200], { values: { id } });
await call('cancelReplay', [409], { values: { id } });

await call('startReplay', [422], { body: {} });
await call('startReplay', [422], { body: { ...selector, traits: ['emial'] } });
await call('startReplay', [422], { body: { ...selector, acknowledged_between: ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'] } });
await call('startReplay', [422], { body: { ...selector, preview_token: 'no-such-token' } });
const other = people.items.find((p) => p.user_id !== person.user_id && p.state !== 'gone');
if (other) {
  const changed = await call('startReplay', [409], { body: { user_ids: [other.user_id], preview_token: preview?.value.preview_token } });
  expect('a preview that does not hold says by how much', changed?.value.joined === 1 && changed?.value.left === 1);
}

for (const scope of ['pull', 'deliver']) if (!wasPaused[scope]) await call('resume', [200], { body: { scope } });
if (wasPaused.pull && wasPaused.deliver) await call('resume', [422], { body: { scope: 'x' } });
if (wasPaused.pull) await call('startPull', [409]);
else await call('startPull', [202], { body: { kind: 'incremental' } });

const nobody = { message_ids: ['00000000-0000-7000-8000-000000000000'] };
for (const what of ['retryDeadLetters', 'discardDeadLetters']) {
  await call(what, [422], { body: {} });
  await call(what, [422], { body: { all: true, reason: 'refused' } });
  const none = await call(what, [200], { body: nobody });
  expect(`${what} of an unknown message changes nothing`, none?.value.count === 0);
}

const before = await get('getStatus');
const decided = before?.reasons.some((r) => r.code === 'destination_changed');
await call('settleDestination', [decided ? 422 : 409], { body: { action: decided ? 'x' : 'keep' } });
for (const what of ['releaseBrake', 'discardBrake']) {
  if (before?.queue.held === 0) await call(what, [200]);
  else harmful.add(what);
}

// More listeners than there is room for.
const listeners = await Promise.allSettled(Array.from({ length: 33 }, () => send({ method: 'GET', path: '/v1/events', headers: { Authorization: `Bearer ${TRAITSYNC_TOKEN}` }, enough: aFirstEvent })));
const full = listeners.map((l) => l.value).find((l) => l?.status === 429);
results.check('the 33rd listener is refused', full ? problemsWith(byId.get('streamEvents'), full, false).problems : ['no listener got 429']);
for (const l of listeners) l.value?.close();

// --- the other way ------------------------------------------------------------------------------------

for (const [what, statuses] of answered) {
  const others = harmful.has(what) ? ['409', '422'] : what === 'getReadiness' ? ['503'] : [];
  const enough = [...statuses].some((s) => s.startsWith('2') || others.includes(s));
  results.check(`operation ${what} was exercised`, enough ? [] : [`it answered ${[...statuses].join(', ') || 'nothing'}`]);
}
const MAIN = ['Status', 'Reason', 'MoesifStatus', 'QueueStatus', 'SegmentStatus', 'Savings', 'StoreStatus', 'ProfileSummary', 'Profile', 'PendingMessage', 'TraitExplanation', 'Company',
  'Message', 'MessageDetail', 'IdentifyMessage', 'Run', 'Replay', 'ReplayPreview', 'ConfigItem'];
for (const name of MAIN) {
  const missing = Object.keys(document.components.schemas[name].properties).filter((field) => !fields.has(`${name}.${field}`));
  results.check(`every field of ${name} was seen`, missing.length > 0 ? [`never: ${missing.join(', ')}`] : []);
}

results.finish();
