import { h, setText } from './element.js';
import { amount, bytes, count, counted, duration, rate, saved } from './format.js';
import { icon } from './icons.js';
import { live } from './live.js';
import { link } from './route.js';
import { isParked } from './sentence.js';
import { setTime, time } from './time.js';
import { END_STATES, badge, setBadge } from './words.js';

// Moesif → store → queue → Segment, each with its number, state and what is special about it now.

const STORE_STATES = {
  fine: { word: 'Safe', tone: 'ok', sign: 'ok' },
  fault: { word: 'Fault', tone: 'bad', sign: 'stop' },
  low: { word: 'Little room', tone: 'warn', sign: 'warn' },
};
const QUEUE_STATES = {
  empty: { word: 'Empty', tone: 'ok', sign: 'ok' },
  moving: { word: 'Moving', tone: 'busy', sign: 'busy' },
  parked: { word: 'Kept', tone: 'idle', sign: 'gone' },
  stuck: { word: 'Waiting', tone: 'warn', sign: 'wait' },
  held: { word: 'Held', tone: 'warn', sign: 'held' },
};

function station(name, sign, states, unit, lines) {
  const state = badge(states, Object.keys(states)[0]);
  const number = h('span', { class: 'number big' });
  const rows = lines.map(([label, node]) => h('div', {}, h('dt', {}, label), h('dd', {}, node)));
  return {
    node: h('li', { class: 'station' },
      h('div', { class: 'station-head' }, h('h2', {}, icon(sign), name), state),
      h('p', { class: 'station-number' }, number, h('span', { class: 'unit' }, unit)),
      h('dl', { class: 'station-facts' }, rows)),
    set(key, value) {
      setBadge(state, states, key);
      setText(number, value);
    },
  };
}

function pipe(label) {
  const number = h('span', { class: 'number' });
  const node = h('li', { class: 'pipe' }, h('span', { class: 'pipe-label' }, number, h('span', {}, label)), h('span', { class: 'pipe-line', 'aria-hidden': 'true' }));
  return { node, set: (value, moves) => { setText(number, value); node.classList.toggle('moves', moves); } };
}

const number = () => h('span', { class: 'number' });
const numberLink = (path) => h('a', { class: 'number', href: link(path) });
// Nothing there is nothing to go to: the link stays for the keyboard, but does not call.
function setLinked(node, n) {
  setText(node, count(n));
  node.classList.toggle('quiet-link', n === 0);
}

export function flowPicture(signal) {
  const m = { pass: time(null), next: time(null), left: h('span', { class: 'number', title: 'of the budget for this minute' }), gone: number() };
  const s = { users: number(), companies: number(), size: number(), quarantined: numberLink(['quarantine']) };
  const q = { age: number(), flight: number(), held: numberLink(['held']), dead: numberLink(['dead-letters']) };
  const g = { last: time(null), rate: number(), retries: number(), next: time(null) };

  const moesif = station('Moesif', 'people', END_STATES, 'users there', [
    ['Last pass', m.pass], ['Next pass', m.next], ['Calls left', m.left], ['Gone', m.gone]]);
  const store = station('Store', 'store', STORE_STATES, 'profiles kept', [
    ['Users', s.users], ['Companies', s.companies], ['Size', s.size], ['In quarantine', s.quarantined]]);
  const queue = station('Queue', 'letter', QUEUE_STATES, 'messages wait', [
    ['Oldest waits', q.age], ['On the way', q.flight], ['Held', q.held], ['Dead letters', q.dead]]);
  const segment = station('Segment', 'send', END_STATES, 'acknowledged', [
    ['Answered', g.last], ['Next try', g.next], ['Retries', g.retries], ['Each second', g.rate]]);
  const read = pipe('read/s');
  const changed = pipe('not sent');
  const sent = pipe('sent/s');

  const node = h('section', { class: 'flow', 'aria-label': 'From Moesif to Segment' },
    h('ol', {}, moesif.node, read.node, store.node, changed.node, queue.node, sent.node, segment.node));

  function update(status) {
    const has = (code) => status.reasons.some((r) => r.code === code);
    const { moesif: from, segment: to, queue: line, savings } = status;
    moesif.set(from.state, amount(from.users));
    setTime(m.pass, from.last_pass_at);
    setTime(m.next, from.next_pass_at);
    setText(m.left, from.requests_left_this_minute === null ? 'no limit' : count(from.requests_left_this_minute));
    setText(m.gone, count(from.gone));

    store.set(has('store_fault') ? 'fault' : has('low_disk') ? 'low' : 'fine', amount(from.users + from.companies));
    setText(s.users, count(from.users));
    setText(s.companies, count(from.companies));
    setText(s.size, bytes(status.store.bytes));
    setLinked(s.quarantined, from.quarantined);

    const stuck = ['retrying', 'paused', 'blocked'].includes(to.state);
    const waits = line.waiting + line.offered;
    queue.set(waits === 0 ? (line.held > 0 ? 'held' : 'empty') : stuck ? 'stuck' : isParked(status) ? 'parked' : 'moving', count(waits));
    setText(q.age, waits > 0 && Number.isFinite(line.oldest_seconds) ? duration(line.oldest_seconds + live.elapsed()) : '–');
    setText(q.flight, count(line.offered));
    setLinked(q.held, line.held);
    setLinked(q.dead, line.dead);

    segment.set(to.state, amount(to.acknowledged_total));
    setTime(g.last, to.last_acknowledged_at);
    setTime(g.next, to.retry_at);
    setText(g.retries, count(to.retries_total));
    setText(g.rate, rate(to.acknowledged_per_second));

    read.set(rate(live.readRate), live.readRate > 0);
    changed.set(saved(savings), false);
    sent.set(rate(to.acknowledged_per_second), to.acknowledged_per_second > 0);
    node.setAttribute('aria-label', `From Moesif to Segment: ${counted(waits, 'message')} between them`);
  }
  return { node, update, signal };
}
