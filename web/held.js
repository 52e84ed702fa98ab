import { get, post } from './api.js';
import { confirm } from './dialog.js';
import { fill, foreign, h } from './element.js';
import { count, counted, percent } from './format.js';
import { ABSENT, pairLeaves } from './leaves.js';
import { live } from './live.js';
import { actButton, callout, card, empty, failure, linkButton, loading, notice, pageHead, table } from './parts.js';
import { link } from './route.js';
import { time } from './time.js';
import { value } from './value.js';
import { RUN_KINDS } from './words.js';

const MOST_LEAVES = 6;

function why(brake) {
  const { run, held } = brake;
  const users = live.status?.moesif.users;
  const share = users > 0 ? `, ${percent(held, users)} of all ${count(users)} users` : '';
  const pass = run ? [`The ${(RUN_KINDS[run.kind] ?? run.kind).toLowerCase()} pass #${run.id}`, run.started ? [' of ', time(run.started)] : null] : 'One pass';
  return [pass, ` would send ${counted(held, 'message')}${share}. That is more than the brake allows (traits.brake_percent and traits.brake_min), `
    + 'as when a field breaks upstream. Newer changes of these users wait with them.'];
}

function change(trait) {
  const { rows } = pairLeaves(trait.moesif_value ?? ABSENT, trait.segment_value ?? ABSENT);
  const changed = rows.filter((row) => row.differs);
  return h('div', { class: 'sample-trait' }, h('p', { class: 'strong' }, trait.trait),
    changed.slice(0, MOST_LEAVES).map((row) => h('p', { class: 'from-to' },
      row.path.length > 0 ? [foreign(row.path.join(' › '), 'bdi', { class: 'hint' }), ' '] : null,
      value(row.segment, 'nothing'), h('span', { class: 'arrow', 'aria-label': 'becomes' , role: 'img' }, '→'), value(row.moesif, 'null'))),
    changed.length > MOST_LEAVES ? h('p', { class: 'hint' }, `and ${counted(changed.length - MOST_LEAVES, 'more member')}`) : null);
}

function decide(action, held, done) {
  const release = action === 'release';
  const asked = (n) => ['?', ''].map((end) => `${release ? 'Release' : 'Discard'} ${counted(n, 'message')}${end}`);
  const [title, label] = asked(held);
  confirm({
    title,
    text: release ? 'They join the queue and go to Segment at once. This cannot be taken back, and each is billed.'
      : 'None of them is sent. From there only what changes later is sent: Segment keeps what it has. This cannot be taken back.',
    action: label, danger: !release, careful: true,
    current: async (options) => {
      const brake = await get('/v1/brake', options);
      const [now, then] = asked(brake.held);
      return { title: now, action: then };
    },
    run: (options) => post(`/v1/brake/${action}`, {}, options),
    done: ({ count: n }) => { notice(`${counted(n, 'message')} ${release ? 'released' : 'discarded'}.`); done(); },
  });
}

function closed(brake, done) {
  const most = Math.max(1, ...brake.traits.map((t) => t.count));
  return [
    callout('warn', 'held', `${counted(brake.held, 'message')} ${brake.held === 1 ? 'is' : 'are'} held`, h('p', {}, why(brake)),
      h('div', { class: 'actions' }, actButton(`Release ${count(brake.held)} …`, { sign: 'send', kind: 'primary', onClick: () => decide('release', brake.held, done) }),
        actButton(`Discard ${count(brake.held)} …`, { sign: 'close', onClick: () => decide('discard', brake.held, done) }))),
    card('Which traits', table('Traits in the held messages', [{ label: 'Trait' }, { label: 'Messages', kind: 'numeric' }, { label: 'of them to null', kind: 'numeric' }, { label: 'Share', unseen: true, kind: 'wide' }],
      brake.traits.map((t) => [t.trait, count(t.count), count(t.nulls), h('meter', { min: 0, max: most, value: t.count, 'aria-label': `${t.trait}, ${count(t.count)} messages` })]))),
    card('Samples: Segment has, Moesif says', table('Samples of held messages', [{ label: 'User' }, { label: 'Changes', kind: 'wide' }],
      brake.samples.map((s) => [h('a', { href: link(['profiles', s.user_id]) }, foreign(s.user_id)), h('div', { class: 'sample-traits' }, s.traits.map(change))]), { class: 'fixed samples-table' })),
  ];
}

export function heldView(_route, signal) {
  const place = h('div', { class: 'stack' }, loading());
  let shown = null;
  async function load() {
    try {
      const brake = await get('/v1/brake', { signal });
      shown = brake.held;
      fill(place, brake.state === 'closed' || brake.held > 0 ? closed(brake, load)
        : card(null, empty('ok', 'Nothing is held', 'The brake stops a pass that would change unusually many users, and asks here before anything is sent.', linkButton('To the overview', '#/'))));
    } catch (problem) {
      if (problem.name !== 'AbortError') fill(place, failure(problem, load));
    }
  }
  load();
  let reading = false;
  live.follow(async ({ queue }) => {
    // A dialog names a number: it is not pulled away under the reader's hand.
    if (shown === null || queue.held === shown || reading || document.querySelector('dialog[open]')) return;
    reading = true;
    await load();
    shown = queue.held;
    reading = false;
  }, signal);
  return h('div', { class: 'stack' }, pageHead('Held by the brake', 'When one pass would change unusually many users, its messages wait here until you decide.'), place);
}
