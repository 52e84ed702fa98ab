import { append, h, setAttribute, setText, settleFocus } from './element.js';
import { clockTime, count, duration, short, utc } from './format.js';
import { READ_ONLY } from './api.js';
import { icon } from './icons.js';
import { live } from './live.js';
import { button } from './parts.js';
import { link } from './route.js';
import { isViewer } from './session.js';
import { SERVICE_STATES, badge, setBadge } from './words.js';

// The frame around every view: where one can go, how the service is, whether the line to it stands.
const SECTIONS = [
  [null, [['', 'Overview', 'overview'], ['profiles', 'Profiles', 'people'], ['replays', 'Send again', 'send']]],
  ['Needs a decision', [
    ['dead-letters', 'Dead letters', 'letter', (s) => s.queue.dead],
    ['held', 'Held', 'held', (s) => s.queue.held],
    ['quarantine', 'Quarantine', 'box', (s) => s.moesif.quarantined]]],
  ['Service', [['passes', 'Passes', 'list'], ['configuration', 'Configuration', 'gear']]],
];

function navigation(signal) {
  const links = new Map();
  const counts = [];
  const node = h('nav', { class: 'nav', id: 'nav', 'aria-label': 'Main' });
  for (const [title, entries] of SECTIONS) {
    const list = h('ul', {});
    for (const [section, label, sign, number] of entries) {
      const bubble = number ? h('span', { class: 'nav-count', hidden: true }) : null;
      const a = h('a', { href: section === '' ? '#/' : link([section]) }, icon(sign), h('span', { class: 'nav-label' }, label), bubble);
      links.set(section, a);
      if (number) counts.push({ bubble, number });
      append(list, h('li', {}, a));
    }
    append(node, title ? h('p', { class: 'nav-title' }, title) : null, list);
  }
  live.follow((status) => {
    for (const { bubble, number } of counts) {
      const n = number(status);
      bubble.hidden = n === 0;
      setText(bubble, n > 99_999 ? short(n) : count(n));
    }
  }, signal);
  return { node, links };
}

const LINES = { live: 'Live', connecting: 'Connecting …', resting: 'Rests while nobody looks' };

function connection(signal) {
  const text = h('span', { class: 'connection-text' });
  const again = button('Retry now', { sign: 'retry', kind: 'quiet', onClick: () => live.retryNow() });
  const node = h('div', { class: 'connection' }, h('span', { class: 'dot' }), text, again);
  const spoken = h('p', { class: 'unseen', role: 'status' });
  live.watch(({ connection: line, receivedAt }) => {
    node.dataset.state = line.state;
    document.documentElement.dataset.connection = line.state;
    const held = document.activeElement === again;
    again.hidden = line.state !== 'lost';
    if (held && again.hidden) {
      again.blur();
      settleFocus();
    }
    text.removeAttribute('title');
    if (line.state !== 'lost') setText(text, LINES[line.state]);
    else {
      const wait = Math.max(0, (line.retryAt - Date.now()) / 1_000);
      const from = receivedAt ? `; numbers are from ${clockTime(receivedAt)}` : '';
      const why = line.reason === 429 ? 'Too many pages are open' : 'Connection lost';
      setText(text, `${why}${from}. Next try in ${duration(wait)}.`);
      if (receivedAt) setAttribute(text, 'title', `Numbers from ${utc(receivedAt)}`);
    }
    setText(spoken, line.state !== 'lost' ? '' : line.reason === 429 ? 'Too many pages are open: the numbers come less often.' : 'The connection to traitsync is lost. It is tried again.');
  }, signal);
  return [node, spoken];
}

export function shell({ signal, signOut }) {
  const nav = navigation(signal);
  const main = h('main', { id: 'main' });
  const overall = badge(SERVICE_STATES, 'running');
  overall.hidden = true;
  const readOnly = isViewer() ? h('span', { class: 'badge', 'data-tone': 'idle', title: READ_ONLY }, icon('eye'), h('span', {}, 'Read only')) : null;
  const version = h('p', { class: 'version' });
  let title = 'traitsync';

  const menu = button('Menu', { sign: 'menu', kind: 'quiet', 'aria-expanded': 'false', 'aria-controls': 'side' });
  const side = h('aside', { class: 'side', id: 'side', 'aria-label': 'Sections and sign-out' }, nav.node,
    h('footer', { class: 'side-foot' }, readOnly ? h('p', { class: 'version' }, READ_ONLY) : null, version, button('Sign out', { sign: 'out', kind: 'quiet', onClick: signOut })));
  const openMenu = (open) => {
    side.classList.toggle('open', open);
    menu.setAttribute('aria-expanded', String(open));
  };
  menu.addEventListener('click', () => openMenu(!side.classList.contains('open')));
  side.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      openMenu(false);
      menu.focus();
    }
  });

  const head = (status) => {
    document.title = `${status && status.state !== 'running' ? `${SERVICE_STATES[status.state]?.word ?? status.state} · ` : ''}${title} · traitsync`;
  };
  live.follow((status) => {
    overall.hidden = false;
    setBadge(overall, SERVICE_STATES, status.state);
    setText(version, `traitsync ${status.version}`);
    head(status);
  }, signal);

  const skip = h('a', {
    class: 'skip', href: '#main',
    on: { click: (event) => { event.preventDefault(); main.querySelector('h1')?.focus(); } },
  }, 'Skip to the content');

  return {
    main,
    node: [skip,
      h('header', { class: 'top' },
        h('a', { class: 'brand', href: '#/', 'aria-label': 'traitsync, to the overview' }, h('img', { src: '/assets/traitsync.svg', alt: '', width: '28', height: '28' }), h('span', {}, 'traitsync')),
        overall, readOnly, connection(signal), menu),
      side, main, h('div', { class: 'notices', role: 'status', 'aria-live': 'polite' })],
    select(section, name) {
      title = name;
      head(live.status);
      openMenu(false);
      for (const [key, a] of nav.links) {
        if (key === section) a.setAttribute('aria-current', 'page');
        else a.removeAttribute('aria-current');
      }
    },
  };
}
