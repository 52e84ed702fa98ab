import { fill, foreign, h } from './element.js';
import { pagedList } from './paged_list.js';
import { button, card, empty, field, linkButton, pageHead, table } from './parts.js';
import { link, rewrite, turn } from './route.js';
import { time } from './time.js';
import { PROFILE_STATES, badge } from './words.js';

const TYPING_PAUSE = 250;
const COLUMNS = [{ label: 'User' }, { label: 'E-mail' }, { label: 'Company' }, { label: 'State' }, { label: 'Changed' }, { label: 'Acknowledged' }];

// What a list may cut at its third line is told whole to whom points at it.
const clip = (text) => (text.length > 60 ? text : null);

function row(profile) {
  return [
    h('a', { class: 'profile-link', href: link(['profiles', profile.user_id]) },
      foreign(profile.name || profile.user_id, 'bdi', { class: 'strong clamped', title: clip(profile.name || profile.user_id) }), profile.name ? foreign(profile.user_id, 'bdi', { class: 'hint clamped', title: clip(profile.user_id) }) : null),
    profile.email ? foreign(profile.email, 'bdi', { class: 'clamped', title: clip(profile.email) }) : '–',
    profile.company_id ? h('a', { href: link(['profiles'], { company: profile.company_id }) }, foreign(profile.company_id)) : '–',
    badge(PROFILE_STATES, profile.state), time(profile.modified_time), time(profile.acknowledged_at),
  ];
}

function filters(asked, changed) {
  const q = h('input', { type: 'search', name: 'q', value: asked.q ?? '', autocomplete: 'off', spellcheck: 'false', dir: 'auto', placeholder: 'Start of an id, e-mail or name' });
  const state = h('select', { name: 'state' }, h('option', { value: '' }, 'Any state'),
    Object.entries(PROFILE_STATES).map(([name, { word }]) => h('option', { value: name, selected: asked.state === name }, word)));
  const company = h('input', { type: 'text', name: 'company', value: asked.company ?? '', autocomplete: 'off', spellcheck: 'false', dir: 'auto', placeholder: 'Company id' });
  let pause = 0;
  const tell = () => { clearTimeout(pause); changed({ q: q.value.trim(), state: state.value, company: company.value.trim() }); };
  const later = () => { clearTimeout(pause); pause = setTimeout(tell, TYPING_PAUSE); };
  const node = h('form', { class: 'filters', role: 'search', on: { submit: (e) => { e.preventDefault(); tell(); }, input: later } },
    field('Search', q), field('State', state), field('Company', company), h('button', { type: 'submit', class: 'button primary' }, 'Search'));
  return { node, stop: () => clearTimeout(pause), clear: () => { q.value = company.value = state.value = ''; tell(); q.focus(); } };
}

export function profilesView({ query: asked }, signal) {
  const results = h('div', { class: 'card' });
  let list = null;

  function search({ q = '', state = '', company = '', cursor = '' }) {
    list?.abort();
    list = new AbortController();
    const parameters = { q, state, company };
    const narrowed = q || state || company;
    fill(results, pagedList({
      path: '/v1/profiles', parameters, cursor, signal: AbortSignal.any([signal, list.signal]),
      onCursor: (at, before) => turn(['profiles'], { ...parameters, cursor: at }, before),
      show: (items) => table('Profiles', COLUMNS, items.map(row), { class: 'fixed profiles-table' }),
      whenEmpty: () => (narrowed
        ? empty('search', 'No profile matches', 'The search compares the beginning of the id, the e-mail and the name.', button('Clear the search', { onClick: form.clear }))
        : empty('people', 'No profiles yet', 'They appear as soon as the first pass has read them from Moesif.', linkButton('See the passes', link(['passes'])))),
    }).node);
  }

  const form = filters(asked, (now) => { rewrite(['profiles'], now); search(now); });
  signal.addEventListener('abort', form.stop, { once: true });
  search(asked);
  return h('div', { class: 'stack' },
    pageHead('Profiles', 'Find a user to see what Moesif says, what Segment has, and why.'), form.node, results);
}
