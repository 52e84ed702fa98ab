import { foreign, h } from './element.js';
import { bytes, count } from './format.js';
import { pagedList } from './paged_list.js';
import { card, choice, empty, field, pageHead, table } from './parts.js';
import { traitChoice } from './profile.js';
import { progress, replaySteps } from './replay_steps.js';
import { rewrite } from './route.js';
import { time } from './time.js';

const when = (value) => h('input', { type: 'datetime-local', step: '1', value: value ?? '' });
const iso = (control) => (control.value ? new Date(control.value).toISOString() : null);

// The selector as a form: what is filled in is combined by "and".
function selection(asked) {
  const users = h('textarea', { rows: '3', dir: 'auto', spellcheck: 'false', value: asked.users ?? '' });
  const company = h('input', { type: 'text', dir: 'auto', spellcheck: 'false', autocomplete: 'off', value: asked.company ?? '' });
  const modified = when(asked.modified);
  const from = when(asked.from);
  const to = when(asked.to);
  const all = choice('checkbox', 'Every profile', { checked: asked.all === '1' }, 'Needed only when nothing else is filled in.');
  const everything = all.querySelector('input');
  const traits = traitChoice((asked.traits ?? '').split(',').filter(Boolean));
  const ids = () => [...new Set(users.value.split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean))];

  const node = h('form', { class: 'selection', on: { submit: (e) => e.preventDefault() } },
    h('div', { class: 'selection-grid' },
      field('User ids', users, 'One on each line, at most 10,000.'),
      field('Company id', company),
      field('Changed in Moesif since', modified, 'In your time zone.'),
      h('fieldset', { class: 'between' }, h('legend', {}, 'Acknowledged by Segment between'), field('From', from), field('To', to))),
    all, traits.node);
  return {
    node,
    // An address holds no thousand ids. The rest without them would be another set: then it names nothing.
    state: () => (ids().join('\n').length >= 1_000 ? {} : { users: ids().join('\n'), company: company.value.trim(), modified: modified.value, from: from.value, to: to.value,
      all: everything.checked ? '1' : '', traits: (traits.chosen() ?? []).join(',') }),
    selector() {
      const body = {};
      if (ids().length > 0) body.user_ids = ids();
      if (company.value.trim()) body.company_id = company.value.trim();
      if (modified.value) body.modified_since = iso(modified);
      if (Boolean(from.value) !== Boolean(to.value)) throw new Error('Fill in both ends of the time span, or neither.');
      if (from.value) body.acknowledged_between = [iso(from), iso(to)];
      if (everything.checked) body.all = true;
      if (Object.keys(body).length === 0) throw new Error('Say which profiles: fill in at least one field, or tick "Every profile".');
      const chosen = traits.chosen();
      if (chosen?.length === 0) throw new Error('Choose at least one trait.');
      if (chosen) body.traits = chosen;
      return body;
    },
  };
}

function described(selector) {
  const parts = [];
  if (selector.all) parts.push('every profile');
  if (selector.user_ids) parts.push(selector.user_ids.length === 1 ? ['user ', foreign(selector.user_ids[0])] : `${count(selector.user_ids.length)} users`);
  if (selector.company_id) parts.push(['company ', foreign(selector.company_id)]);
  if (selector.modified_since) parts.push(['changed since ', time(selector.modified_since)]);
  if (selector.acknowledged_between) parts.push(['acknowledged ', time(selector.acknowledged_between[0]), ' to ', time(selector.acknowledged_between[1])]);
  parts.push(selector.traits ? `only ${selector.traits.join(', ')}` : 'all traits');
  return parts.map((part, i) => [i > 0 ? ', ' : '', part]);
}

const COLUMNS = [{ label: 'What' }, { label: 'Started' }, { label: 'Profiles', kind: 'numeric' }, { label: 'Size', kind: 'numeric' }, { label: 'Progress', kind: 'wide' }];

export function replaysView({ query: asked }, signal) {
  const form = selection(asked);
  const list = pagedList({
    path: '/v1/replays', parameters: {}, signal, limit: 20,
    whenEmpty: () => empty('send', 'Nothing was sent again so far', 'Choose profiles above, look at the preview, and send.'),
    show: (items) => table('Replays', COLUMNS, items.map((r) => [
      [h('span', {}, described(r.selector ?? {})), r.error ? h('p', { class: 'error-line foreign', dir: 'auto' }, r.error) : null],
      time(r.created_at), count(r.profiles), bytes(r.bytes), progress(r, signal)])),
  });
  const steps = replaySteps({ signal, selector: form.selector, started: () => list.reload() });
  form.node.addEventListener('input', () => { steps.reset(); rewrite(['replays'], form.state()); });
  form.node.addEventListener('submit', () => steps.node.querySelector('button').click());
  return h('div', { class: 'stack' },
    pageHead('Send again', 'For a destination that lost or never had its data. Each message is new and counts as one more call at Segment; order per user is kept, and ordinary changes are never blocked.'),
    card('Which profiles', h('p', { class: 'hint' }, 'What you fill in is combined: a profile must match all of it.'), form.node, steps.node), card('Earlier replays', list.node));
}
