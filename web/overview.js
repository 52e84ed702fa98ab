import { controls } from './controls.js';
import { destinationChoice } from './destination.js';
import { append, fill, h, setAttribute, setText } from './element.js';
import { flowPicture } from './flow.js';
import { bytes, count, duration, saved, utc } from './format.js';
import { icon, setIcon } from './icons.js';
import { live } from './live.js';
import { card, facts, linkButton, loading } from './parts.js';
import { latestPasses } from './passes.js';
import { plots } from './plots.js';
import { link } from './route.js';
import { REASON_TEXTS, REASON_TITLES, REPAIRS, sentence } from './sentence.js';
import { setTime, time, withTimes } from './time.js';

function hero() {
  const sign = icon('busy');
  const words = h('h1', { tabindex: '-1' });
  const spoken = h('p', { class: 'unseen', role: 'status' });
  const node = h('header', { class: 'hero' }, sign, words, spoken);
  let kind = '';
  return {
    node,
    update(status) {
      const said = sentence(status, live.now());
      node.dataset.tone = said.tone;
      setIcon(sign, said.sign);
      setText(words, said.text);
      setAttribute(words, 'title', status.moesif.last_pass_at ? `Last pass: ${utc(status.moesif.last_pass_at)}` : '');
      // Numbers change every second; only another kind of state is worth interrupting a listener.
      const now = `${status.state} ${status.reasons.map((r) => r.code).join(' ')}`;
      if (kind !== '' && now !== kind) setText(spoken, said.text);
      kind = now;
    },
  };
}

// What is wrong, one line each, with the way to its repair.
function troubles() {
  const node = h('ul', { class: 'troubles', 'aria-label': 'What needs a look' });
  let shown = '';
  let details = [];
  return {
    node,
    update(status) {
      // The write key has its own, larger question above.
      const others = status.reasons.filter((r) => r.code !== 'destination_changed');
      const texts = others.map(({ code, detail }) => REASON_TEXTS[code]?.(status) ?? detail);
      const key = JSON.stringify(others.map(({ code, since }) => [code, since]));
      // A number within moves alone: who is on a link beside it stays there.
      if (key === shown) {
        details.forEach((line, i) => {
          if (line.dataset.text === texts[i]) return;
          line.dataset.text = texts[i];
          fill(line, withTimes(texts[i]));
        });
        return;
      }
      shown = key;
      details = texts.map((text) => h('p', { dir: 'auto', 'data-text': text }, withTimes(text)));
      node.hidden = others.length === 0;
      fill(node, others.map(({ code, since }, i) => {
        const repair = REPAIRS[code];
        return h('li', {}, h('div', {}, h('p', { class: 'trouble-title' }, REASON_TITLES[code] ?? code), details[i],
          since ? h('p', { class: 'hint' }, 'Since ', time(since)) : null),
        repair ? linkButton(repair.label, link(repair.path, repair.query)) : null);
      }));
    },
  };
}

function machine() {
  const value = () => h('span', { class: 'number' });
  const v = { disk: value(), free: value(), memory: value(), history: value(), up: value(), saved: value(), read: value(), calls: value(), path: h('bdi', { class: 'foreign' }) };
  const since = time(null);
  return {
    node: card('Machine and savings', facts([
      ['Profiles read, in total', v.read],
      ['Messages sent, in total', v.calls],
      ['Traits not sent', v.saved],
      ['Memory', v.memory],
      ['Store', v.disk],
      ['History in it', v.history],
      ['Free on the disk', v.free],
      ['File', v.path],
      ['Running', [v.up, ' since ', since]],
    ])),
    update({ store, memory_bytes, uptime_seconds, started_at, savings }) {
      setText(v.disk, bytes(store.bytes));
      setText(v.history, bytes(store.history_bytes));
      setText(v.free, bytes(store.free_bytes));
      setText(v.memory, bytes(memory_bytes));
      setText(v.up, `for ${duration(uptime_seconds + live.elapsed())},`);
      setText(v.path, store.path);
      setText(v.read, count(savings.profiles_read));
      setText(v.calls, count(savings.messages_sent));
      setText(v.saved, saved(savings));
      setTime(since, started_at);
    },
  };
}

export function overviewView({ query }, signal) {
  const parts = [hero(), troubles(), flowPicture(signal), machine()];
  const [head, trouble, flow, host] = parts;
  const choice = h('div', {});
  const curves = plots(query.over, signal);
  const content = h('div', { class: 'stack', hidden: true }, head.node, choice, trouble.node, flow.node, controls(signal),
    curves.node, h('div', { class: 'columns' }, latestPasses(signal), host.node));
  const waiting = loading('Waiting for the first numbers …');
  let asks = false;

  live.follow((status) => {
    content.hidden = false;
    waiting.hidden = true;
    for (const part of parts) part.update(status);
    curves.update(status);
    const changed = status.reasons.some((r) => r.code === 'destination_changed');
    if (changed !== asks) fill(choice, changed ? destinationChoice() : null);
    asks = changed;
  }, signal);
  return append(h('div', { class: 'live-numbers' }), waiting, content);
}
