import { get, post } from './api.js';
import { confirm } from './dialog.js';
import { fill, foreign, h, setText } from './element.js';
import { count, counted, percent } from './format.js';
import { ABSENT, pairLeaves } from './leaves.js';
import { live } from './live.js';
import { actButton, callout, card, empty, failure, linkButton, loading, notice, pageHead, table } from './parts.js';
import { link } from './route.js';
import { time } from './time.js';
import { value } from './value.js';
import { RUN_KINDS } from './words.js';

const MOST_LEAVES = 6;
const MOST_OFTEN = 5_000;

function why(brake) {
  const { run, held } = brake;
  const users = live.status?.moesif.users;
  const share = users >= held ? `, ${percent(held, users)} of all ${count(users)} users` : '';
  const pass = run ? [`The ${(RUN_KINDS[run.kind] ?? run.kind).toLowerCase()} pass #${run.id}`, run.started ? [' of ', time(run.started)] : null] : 'One pass';
  return [pass, ` would send ${counted(held, 'message')}${share}. That is more than the brake allows (traits.brake_percent and traits.brake_min), `
    + 'as when a field breaks upstream. Newer changes of these users wait with them.'];
}

function change(trait) {
  const { rows, differing } = pairLeaves(trait.moesif_value ?? ABSENT, trait.segment_value ?? ABSENT);
  const changed = rows.filter((row) => row.differs);
  return h('div', { class: 'sample-trait' }, h('p', { class: 'strong' }, trait.trait),
    changed.slice(0, MOST_LEAVES).map((row) => h('p', { class: 'from-to' },
      row.path.length > 0 ? [foreign(row.path.join(' › '), 'bdi', { class: 'hint' }), ' '] : null,
      value(row.segment, 'nothing'), h('span', { class: 'arrow', 'aria-label': 'becomes' , role: 'img' }, '→'), value(row.moesif, 'null'))),
    differing > MOST_LEAVES ? h('p', { class: 'hint' }, `and ${counted(differing - MOST_LEAVES, 'more member')}`) : null);
}

function decide(action, brake, done) {
  const release = action === 'release';
  const verb = release ? 'Release' : 'Discard';
  const asked = ({ held }) => `${verb} ${counted(held, 'message')}`;
  confirm({
    title: `${asked(brake)}?`,
    text: release ? ['They join the queue and go to Segment in their turn. This cannot be taken back, and each is billed.',
      ...(brake.run?.state === 'running' ? ['The pass still runs: what it reads from here on goes too, without being held.'] : [])]
      : 'None of them is sent. From there only what changes later is sent: Segment keeps what it has. This cannot be taken back.',
    action: asked(brake), danger: !release, careful: true,
    current: async (options) => {
      const now = await get('/v1/brake', options);
      return [asked(now), `${verb} ${count(now.held)} or more messages`];
    },
    run: (options) => post(`/v1/brake/${action}`, {}, options),
    done: ({ count: n }) => { notice(`${counted(n, 'message')} ${release ? 'released' : 'discarded'}.`); done(); },
  });
}

const traits = (brake) => {
  const most = Math.max(1, ...brake.traits.map((t) => t.count));
  return table('Traits in the held messages', [{ label: 'Trait' }, { label: 'Messages', kind: 'numeric' }, { label: 'of them to null', kind: 'numeric' }, { label: 'Share', unseen: true, kind: 'wide' }],
    brake.traits.map((t) => [t.trait, count(t.count), count(t.nulls), h('meter', { min: 0, max: most, value: t.count, 'aria-label': `${t.trait}, ${count(t.count)} messages` })]));
};

const samples = (brake) => table('Samples of held messages', [{ label: 'User' }, { label: 'Changes', kind: 'wide' }],
  brake.samples.map((s) => [h('a', { href: link(['profiles', s.user_id]) }, foreign(s.user_id)), h('div', { class: 'sample-traits' }, s.traits.map(change))]), { class: 'fixed samples-table' });

// The numbers move while a pass is still at it; what a reader presses stays where it is.
function closed(done) {
  let brake = null;
  let sampled = '';
  const reason = h('p', {});
  const control = (action, props) => actButton('', { ...props, onClick: () => decide(action, brake, done) });
  const release = control('release', { sign: 'send', kind: 'primary' });
  const discard = control('discard', { sign: 'close' });
  const head = callout('warn', 'held', '', reason, h('div', { class: 'actions' }, release, discard));
  const counts = h('div', {});
  const shown = h('div', {});
  return {
    parts: [head, card('Which traits', counts), card('Samples: Segment has, Moesif says', shown)],
    update(now) {
      brake = now;
      setText(head.querySelector('.callout-title'), `${counted(now.held, 'message')} ${now.held === 1 ? 'is' : 'are'} held`);
      setText(release.lastChild, `Release ${count(now.held)} …`);
      setText(discard.lastChild, `Discard ${count(now.held)} …`);
      fill(reason, why(now));
      fill(counts, traits(now));
      const key = JSON.stringify(now.samples); // newer changes merge into a held message, under its id
      if (key === sampled || shown.contains(document.activeElement)) return;
      sampled = key;
      fill(shown, samples(now));
    },
  };
}

export function heldView(_route, signal) {
  const place = h('div', { class: 'stack' }, loading());
  let known = null;
  let next = 0;
  let stands = null; // what is shown while something is held

  function paint(brake) {
    known = brake.held;
    if (brake.state !== 'closed' && brake.held === 0) {
      stands = null;
      fill(place, card(null, empty('ok', 'Nothing is held', 'The brake stops a pass that would change unusually many users, and asks here before anything is sent.', linkButton('To the overview', '#/'))));
      return;
    }
    const before = stands;
    stands ??= closed(load);
    stands.update(brake);
    if (!before) fill(place, stands.parts);
  }
  async function load() {
    try {
      paint(await get('/v1/brake', { signal }));
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      stands = null;
      fill(place, failure(problem, load));
    }
  }
  load();
  live.follow(async ({ queue }) => {
    // A dialog names a number: it is not pulled away under the reader's hand.
    if (known === null || queue.held === known || Date.now() < next || document.querySelector('dialog[open]')) return;
    next = Infinity;
    try {
      paint(await get('/v1/brake', { signal }));
      known = queue.held;
    } catch {
      // It is looked again; a lost connection is told at the top of the page.
    }
    next = Date.now() + MOST_OFTEN;
  }, signal);
  return h('div', { class: 'stack' }, pageHead('Held by the brake', 'When one pass would change unusually many users, its messages wait here until you decide.'), place);
}
