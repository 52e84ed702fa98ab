import { get } from './api.js';
import { fill, foreign, h } from './element.js';
import { card, choice, empty, failure, field, loading, pageHead, table } from './parts.js';
import { rewrite } from './route.js';

// Effective values and where each comes from; secrets come masked from the service itself.
const shown = (text) => (text === '' ? h('span', { class: 'value none' }, 'empty') : h('code', { class: 'foreign', dir: 'auto' }, text));

function sections(items) {
  const bySection = new Map();
  for (const item of items) {
    const name = item.key.split('.')[0];
    bySection.set(name, [...(bySection.get(name) ?? []), item]);
  }
  return [...bySection].map(([name, list]) => card(name, table(`Settings of ${name}`, [{ label: 'Key' }, { label: 'Value', kind: 'wide' }, { label: 'From' }],
    list.map((item) => [h('code', { class: 'foreign' }, item.key), shown(String(item.value ?? '')),
      item.origin === 'default' ? h('span', { class: 'hint' }, 'default') : foreign(item.origin, 'bdi', { class: 'strong' })]), { class: 'fixed config-table' })));
}

export function configurationView({ query: asked }, signal) {
  const q = h('input', { type: 'search', value: asked.q ?? '', autocomplete: 'off', spellcheck: 'false', placeholder: 'For example segment' });
  const set = choice('checkbox', 'Only what differs from the default', { checked: asked.set === '1' });
  const only = set.querySelector('input');
  const place = h('div', { class: 'stack' }, loading());
  const file = h('p', { class: 'hint' });
  let items = null;

  function paint() {
    const needle = q.value.trim().toLowerCase();
    const found = items.filter((item) => (!needle || item.key.toLowerCase().includes(needle)) && (!only.checked || item.origin !== 'default'));
    fill(place, found.length > 0 ? sections(found) : card(null, empty('search', 'No setting matches', 'Shorten the filter, or show the defaults too.')));
  }
  async function load() {
    try {
      const answer = await get('/v1/config', { signal });
      items = answer.items;
      fill(file, answer.file ? ['Read from ', h('code', { class: 'foreign' }, answer.file), '. Secrets and log.level count once they are read anew (SIGHUP), other changes from the next start.'] : 'No file: defaults and environment only.');
      paint();
    } catch (problem) {
      if (problem.name !== 'AbortError') fill(place, failure(problem, load));
    }
  }
  const filters = h('form', {
    class: 'filters brief', role: 'search',
    on: { submit: (e) => e.preventDefault(), input: () => { if (items) paint(); rewrite(['configuration'], { q: q.value.trim(), set: only.checked ? '1' : '' }); } },
  }, field('Filter', q), set);
  load();
  return h('div', { class: 'stack' }, pageHead('Configuration', 'The values in force and where each was set. Secrets never leave the service.'), file, filters, place);
}
