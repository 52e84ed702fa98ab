// What the page's parts compute, without a browser.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as fixtures from './fixtures.mjs';

const WEB = new URL('../../web/', import.meta.url);
const part = (name) => import(new URL(`${name}.js`, WEB));
const { ExactNumber, memberText, parseExact, sameScalar, write } = await part('exact_json');
const { ABSENT, pairLeaves } = await part('leaves');
const { MEASURES, Samples, curves } = await part('activity');
const { sentence } = await part('sentence');
const { grouped, saved } = await part('format');
const { frameReader } = await part('event_stream');
const { link, parseRoute, takeToken } = await part('route');

test('numbers keep their digits, where the runtime does not tell their text too', () => {
  const text = '{\n  "a": 12345678901234567890,\n  "b": 1.50,\n  "c": [\n    1e400\n  ],\n  "d": "x 1.0 \\" 2.0",\n  "3.0": -0.0,\n  "e": 7\n}';
  assert.equal(write(parseExact(text)), text);
  assert.equal(write(parseExact(text, false)), text);
  assert.equal(parseExact('7', false), 7);
});

test('numbers are compared by value, in whatever form', () => {
  const number = (text) => new ExactNumber(text);
  assert.ok(sameScalar(1, number('1.0')));
  assert.ok(sameScalar(number('10e-1'), 1));
  assert.ok(sameScalar(number('-0.0'), 0));
  assert.ok(sameScalar(number('120'), number('1.2e2')));
  assert.ok(!sameScalar(number('12345678901234567890'), number('12345678901234567891')));
  assert.ok(!sameScalar(1, '1'));
  assert.ok(!sameScalar(null, 0));
});

test('an exact body is cut out of the answer byte by byte', () => {
  const body = '{"n":12345678901234567890, "body": {"x":"}\\""},"e":"\\u00e9"}';
  assert.equal(memberText(`{"a":{"body":1},"t":"body","body": ${body} ,"z":[1]}`, 'body'), body);
  assert.equal(memberText('{"body":null}', 'body'), 'null');
  assert.equal(memberText('{"other":1}', 'body'), null);
});

test('nested values are paired leaf by leaf', () => {
  const { rows } = pairLeaves({ a: 1, b: { c: [1, 2] }, e: {} }, { a: 1, b: { c: [1, 3], d: null }, e: [] });
  assert.deepEqual(rows.map((r) => [r.path.join('.'), r.differs]), [['a', false], ['b.c.0', false], ['b.c.1', true], ['b.d', true], ['e', true]]);
  assert.equal(rows[3].moesif, ABSENT);
});

test('a value opposite to a branch is not lost', () => {
  const { rows } = pairLeaves('flat', { deep: 1 });
  assert.deepEqual(rows.map((r) => r.path.join('.')), ['', 'deep']);
  assert.equal(rows[0].moesif, 'flat');
  assert.ok(rows.every((r) => r.differs));
});

test('a very large document is compared to its end, and not all of it is shown', () => {
  const of = (change) => Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`k${i}`, change(i)]));
  const whole = (found) => [found.rows.length, found.total, found.differing];
  assert.deepEqual(whole(pairLeaves(of((i) => i), of((i) => i))), [2_000, 9_000, 0]);
  assert.deepEqual(whole(pairLeaves(of((i) => i), of((i) => i + 1))), [2_000, 9_000, 9_000]);
  const late = pairLeaves(of((i) => i), of((i) => (i === 8_500 ? 'other' : i)));
  assert.deepEqual([...whole(late), late.rows.at(-1).path], [2_001, 9_000, 1, ['k8500']]);
});

test('a list and an object with the same members differ', () => {
  assert.deepEqual(pairLeaves(['a'], { 0: 'a' }).rows.map((row) => row.differs), [true]);
  assert.equal(pairLeaves({ x: ['a'] }, { x: ['a'] }).differing, 0);
});

function beat(n, queued = 0) {
  return { savings: { profiles_read: 100 * n, messages_sent: n, traits_compared: 10 * n, traits_sent: n }, queue: { waiting: queued, offered: 0 } };
}
const AT = Date.parse('2026-01-01T10:00:00.000Z');
const step = (minute, read, seconds = 60) => ({ start: new Date(AT + minute * 60_000).toISOString(), seconds, profiles_read: read, messages_sent: 1, traits_compared: 9, traits_sent: 2, queued: 3 });
const read = ({ times, values }) => times.map((t, i) => [t - AT / 1_000, values[0][i]]);

test('the plots show what the service kept, and behind it what the page saw', () => {
  const samples = new Samples();
  // Within the last told minute, then behind it; the step from 130 s on is not over.
  for (const [second, n] of [[100, 1], [110, 2], [120, 3], [121, 3], [130, 8], [139, 9]]) samples.add(AT + second * 1_000, beat(n, n));
  const shown = curves({ steps: [step(0, 6), step(1, 12)] }, samples.rows);
  assert.deepEqual(read(shown), [[0, 6], [60, 6], [120, 12], [130, 3_000]]);
  assert.deepEqual(shown.values[MEASURES.indexOf('saved')], [7, 7, 7, 9 * 5 * 6]);
  assert.deepEqual(shown.values[MEASURES.indexOf('queued')], [3, 3, 3, 8]);
  assert.deepEqual(shown.sums, [518, 7, 59]);
});

test('the newest point is of a whole step: it does not fall to nothing when a step begins', () => {
  const samples = new Samples();
  let last = 0;
  for (let second = 0; second <= 180; second += 1) {
    samples.add(AT + second * 1_000, beat(second));
    const { values } = curves({ steps: [] }, samples.rows);
    last = values[0].at(-1) ?? last;
    if (second >= 10) assert.equal(last, 6_000, `after ${second} s`);
  }
});

test('where nothing ran there is a gap, and a part of a step counts for its time', () => {
  const shown = curves({ steps: [step(0, 6), step(20, 10, 120), step(25, 50, 300)] }, []);
  assert.deepEqual(read(shown).map(([, v]) => v), [6, 6, null, 5, 5, null, 10, 10]);
});

test('another store or a clock that was put back begins anew, and a week stays bounded', () => {
  const samples = new Samples();
  for (let second = 0; second < 7 * 86_400; second += 7) samples.add(AT + second * 1_000, beat(second));
  assert.ok(samples.rows.length <= 16);
  assert.equal(samples.add(AT + 7 * 86_400_000, beat(1)), true);
  assert.equal(samples.rows.length, 1);
  samples.add(AT, beat(2));
  assert.equal(samples.rows.length, 1);
  assert.deepEqual(curves(null, samples.rows).times, []);
});

test('digits in the service’s sentences are grouped, names and addresses are not', () => {
  assert.equal(grouped('metadata makes a message of 385005 bytes; Segment drops those over 32000.'), 'metadata makes a message of 385,005 bytes; Segment drops those over 32,000.');
  for (const same of ['127.0.0.1:8737', 'user-0001', 'http://host/1234', 'since 2026-11-28T10:44:02.452Z', '01a221c2-ad71-7000', '#4567', '400 503']) assert.equal(grouped(same), same);
});

test('never less than nothing is saved, whatever was sent again', () => {
  assert.deepEqual([saved({ traits_compared: 7, traits_sent: 12 }), saved({ traits_compared: 100, traits_sent: 25 }), saved({ traits_compared: 0, traits_sent: 0 })], ['0\u00a0%', '75\u00a0%', '–']);
});

test('the state is one sentence', () => {
  const said = (scenario, change = () => {}) => {
    const status = fixtures.status();
    fixtures.SCENARIOS[scenario](status);
    change(status);
    return sentence(status, Date.now()).text.replaceAll('\u00a0', ' ');
  };
  assert.match(said('healthy'), /^Everything in Moesif as of \d\d:\d\d:\d\d was delivered to Segment, or discarded by an operator\.$/);
  assert.match(said('healthy', (s) => { s.moesif.quarantined = 2; }), /was delivered to Segment, or discarded by an operator, but for 2 documents in quarantine\.$/);
  assert.match(said('healthy', (s) => { s.segment.acknowledged_total = 0; }), /^Nothing waits: what Moesif had as of \d\d:\d\d:\d\d is taken as known to Segment/);
  const left = (s) => { s.queue.waiting = 2; s.queue.oldest_seconds = 300; s.moesif.gone = 1; s.moesif.run = null; s.segment.state = 'idle'; };
  assert.match(said('healthy', left), /discarded by an operator; 2 messages of profiles that are gone from Moesif are kept for their return\.$/);
  assert.equal(said('healthy', (s) => { left(s); s.segment.state = 'delivering'; }), '2 messages are on the way to Segment.');
  // A pass over the store alone has just ended; Moesif was read an hour ago.
  assert.ok(said('healthy', (s) => { s.moesif.cursor_time = '2019-01-02T10:00:00Z'; }).includes('2019'));
  assert.equal(said('retrying'), 'Segment has taken nothing for 4 min; 1,204 messages wait, nothing is lost.');
  assert.equal(said('retrying', (s) => { s.segment.last_acknowledged_at = fixtures.ago(2); }), 'Segment has not taken some messages for 4 min; 1,204 messages wait, nothing is lost.');
  assert.equal(said('busy'), '1,204 messages are on the way to Segment.');
  assert.match(said('blocked'), /write key or region is another one.*1,204 messages wait, nothing is lost/);
  assert.match(said('held'), /^3,412 messages are held/);
  assert.match(said('dead'), /^15 messages could not be delivered; everything else as of .* was delivered or discarded/);
  assert.equal(said('paused'), 'Delivery is paused; 12 messages wait, nothing is lost.');
  const failed = (s) => { s.state = 'degraded'; s.reasons = [{ code: 'pass_failed', detail: 'Moesif answered 418', since: fixtures.ago(240) }]; };
  assert.match(said('healthy', failed), /^Reading Moesif has failed for 4 min: what changed there until \d\d:\d\d:\d\d is kept and delivered, newer changes may be missing\.$/);
  assert.match(said('empty', failed), /^Reading Moesif has failed for 4 min: nothing was read to its end yet/);
  for (const waits of ['waiting', 'held', 'dead']) {
    assert.match(said('healthy', (s) => { failed(s); s.queue[waits] = 3; }), /: what changed there until \d\d:\d\d:\d\d is kept, newer changes may be missing\.$/);
  }
  assert.equal(said('empty', (s) => { s.queue.dead = 1; }), '1 message could not be delivered; the first pass has not ended yet.');
  assert.match(said('empty'), /Nothing was read from Moesif yet/);
  assert.match(said('healthy', (s) => { s.state = 'stopping'; }), /stopping; nothing waits/);
});

test('events are read across any cut', () => {
  const whole = ': heartbeat\n\nevent: status\ndata: {"a":\ndata: 1}\n\n';
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const seen = [];
    const take = frameReader((event, data) => seen.push([event, data]));
    take(whole.slice(0, cut));
    take(whole.slice(cut));
    assert.deepEqual(seen, [['status', '{"a":\n1}']]);
  }
});

test('a route names any id and any search', () => {
  const target = link(['profiles', 'team/42?a=b#c%20d'], { q: 'a&b', state: '' });
  assert.deepEqual(parseRoute(target), { path: ['profiles', 'team/42?a=b#c%20d'], query: { q: 'a&b' } });
  assert.deepEqual(parseRoute('#/profiles/%zz').path, ['profiles', '%zz']);
  assert.deepEqual(parseRoute(''), { path: [], query: {} });
});

test('a token leaves the address and the rest stays', () => {
  for (const [before, token, after] of [
    ['#token=abc', 'abc', '/'], ['#/profiles?q=ada&token=a%20b', 'a b', '/#/profiles?q=ada'], ['#/profiles?token=abc&q=ada', 'abc', '/#/profiles?q=ada'],
    ['#token=abc&/profiles?q=x', 'abc', '/#/profiles?q=x'], ['#token=abc#/held', 'abc', '/#/held'], ['#/?token=abc', 'abc', '/#/'],
    ['#/profiles?q=1', null, null]]) {
    let put = null;
    globalThis.location = { hash: before, pathname: '/', search: '' };
    globalThis.history = { replaceState: (_state, _title, address) => { put = address; } };
    assert.equal(takeToken(), token, before);
    assert.equal(put, after, before);
  }
});

test('the page is small, each file has a short length, and nothing turns data into markup', () => {
  const names = readdirSync(WEB).filter((name) => /\.(js|css|html|svg)$/.test(name));
  let packed = ['uPlot.iife.min.js', 'uPlot.min.css'].map((n) => gzipSync(readFileSync(new URL(`node_modules/uplot/dist/${n}`, WEB))).length).reduce((a, b) => a + b);
  for (const name of names) {
    const text = readFileSync(new URL(name, WEB), 'utf8');
    packed += gzipSync(text).length;
    assert.ok(text.split('\n').length < 300, `${name} is too long`);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?:\/\/(?!www\.w3\.org)/, name);
  }
  console.log(`# ${names.length + 2} files, ${packed} bytes packed`);
  assert.ok(packed < 150_000);
});
