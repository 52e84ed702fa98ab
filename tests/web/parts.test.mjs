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
const { Series, SPANS } = await part('series');
const { sentence } = await part('sentence');
const { frameReader } = await part('event_stream');
const { link, parseRoute, takeToken } = await part('route');

const keepsDigits = parseExact('1.0') instanceof ExactNumber;

test('numbers keep their digits', { skip: keepsDigits ? false : 'this runtime does not tell a number’s text' }, () => {
  const text = '{\n  "a": 12345678901234567890,\n  "b": 1.50,\n  "c": [\n    1e400\n  ],\n  "d": "x"\n}';
  assert.equal(write(parseExact(text)), text);
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

test('a very large document stops and says so', () => {
  const big = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`k${i}`, i]));
  const { rows, cut } = pairLeaves(big, big);
  assert.ok(cut && rows.length <= 2_000);
});

class Storage {
  kept = null;
  getItem() { return this.kept; }
  setItem(_name, text) { this.kept = text; }
}

function beat(n, started = '2026-01-01T00:00:00.000Z') {
  return { started_at: started, savings: { profiles_read: 100 * n, messages_sent: n, traits_compared: 10 * n, traits_sent: n } };
}

test('the plots stay bounded for a week and survive a reload', () => {
  const storage = new Storage();
  const series = new Series(storage);
  const week = 7 * 86_400;
  for (let second = 0; second < week; second += second < week - 7_200 ? 240 : 5) series.add(second * 1_000, beat(second / 5));
  series.save();
  const hour = new Series(storage).rates('hour');
  assert.ok(hour.times.length < SPANS.hour.length);
  assert.ok(new Series(storage).rates('day').times.length < SPANS.day.length);
  assert.equal(hour.values[0].at(-1), 1_200);
  assert.ok(storage.kept.length < 60_000);
});

test('a gap and a restart are gaps in the plot, not cliffs', () => {
  const series = new Series(new Storage());
  series.add(0, beat(10));
  series.add(10_000, beat(20));
  series.add(200_000, beat(90));
  series.add(210_000, beat(1, '2026-01-02T00:00:00.000Z'));
  assert.deepEqual(series.rates('hour').values[1], [60, null, null, null]);
});

test('damaged series in the storage are dropped', () => {
  const storage = new Storage();
  storage.kept = '{"hour":[["x"]],"day":7}';
  assert.deepEqual(new Series(storage).rates('hour').times, []);
});

test('the state is one sentence', () => {
  const said = (scenario, change = () => {}) => {
    const status = fixtures.status();
    fixtures.SCENARIOS[scenario](status);
    change(status);
    return sentence(status, Date.now()).text;
  };
  assert.match(said('healthy'), /^Everything in Moesif as of \d\d:\d\d:\d\d is in Segment\.$/);
  assert.equal(said('retrying'), 'Segment has not answered for 4 min; 1,204 messages wait, nothing is lost.');
  assert.equal(said('busy'), '1,204 messages are on the way to Segment.');
  assert.match(said('blocked'), /write key is another one.*1,204 messages wait, nothing is lost/);
  assert.match(said('held'), /^3,412 messages are held/);
  assert.match(said('dead'), /^15 messages could not be delivered; everything else as of .* is in Segment/);
  assert.equal(said('paused'), 'Delivery is paused; 12 messages wait, nothing is lost.');
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
