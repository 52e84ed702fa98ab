import { get } from './api.js';
import { openDialog } from './dialog.js';
import { append, fill, foreign, h } from './element.js';
import { jsonText } from './json_text.js';
import { live } from './live.js';
import { messageHistory } from './messages.js';
import { actButton, button, callout, card, choice, disclosure, failure, linkButton, loading, pageHead } from './parts.js';
import { replaySteps } from './replay_steps.js';
import { link } from './route.js';
import { time } from './time.js';
import { traitTable } from './trait_table.js';
import { PROFILE_STATES, TRAITS, badge } from './words.js';

// Which traits: all, or the chosen ones.
export function traitChoice(chosen = []) {
  const boxes = TRAITS.map((name) => h('input', { type: 'checkbox', value: name, checked: chosen.includes(name) }));
  const list = h('div', { class: 'trait-boxes', hidden: chosen.length === 0 }, boxes.map((box) => h('label', { class: 'choice' }, box, h('span', {}, box.value))));
  const name = `traits-${TRAITS.length}-${Math.random()}`;
  const all = choice('radio', 'All traits', { name, checked: chosen.length === 0 });
  const some = choice('radio', 'Chosen traits', { name, checked: chosen.length > 0 });
  const input = (label) => label.querySelector('input');
  const node = h('fieldset', { class: 'trait-choice', on: { change: () => { list.hidden = input(all).checked; } } }, h('legend', {}, 'What to send'), all, some, list);
  return { node, chosen: () => (input(all).checked ? null : boxes.filter((b) => b.checked).map((b) => b.value)) };
}

function sendAgain(profile, signal, started) {
  const traits = traitChoice();
  const end = new AbortController();
  const steps = replaySteps({
    signal: AbortSignal.any([signal, end.signal]),
    selector: () => {
      const chosen = traits.chosen();
      if (chosen?.length === 0) throw new Error('Choose at least one trait.');
      return { user_ids: [profile.user_id], ...(chosen ? { traits: chosen } : {}) };
    },
    started,
  });
  traits.node.addEventListener('change', steps.reset);
  const close = button('Close', { onClick: () => node.close() });
  const node = openDialog('Send this profile again', [
    h('p', {}, 'Segment gets the present values once more, as a new message that counts like any other. What waits keeps its place.'),
    traits.node, steps.node], [close], { wide: true, onClose: () => end.abort() });
}

function notes(profile) {
  const list = [];
  if (profile.gone_at) list.push(callout('idle', 'gone', 'Gone from Moesif', h('p', {}, 'Moesif no longer has this user since ', time(profile.gone_at), '. What Segment has stays as it is, unless traits.on_delete says otherwise. It cannot be sent again until Moesif has it again.')));
  if (profile.quarantined) {
    list.push(callout('warn', 'box', 'The newest document is in quarantine',
      h('p', { dir: 'auto' }, `${profile.quarantined.detail || profile.quarantined.reason}. The values below are those of the last good one.`.replace('..', '.')),
      h('p', {}, h('a', { href: link(['quarantine']) }, 'Open the quarantine'))));
  }
  return list;
}

function head(profile) {
  // Who is gone is left out of what is sent again.
  const again = profile.gone_at ? null : actButton('Send again …', { sign: 'send', kind: 'primary' });
  const node = h('header', { class: 'page-head' },
    h('div', { class: 'page-title' },
      h('p', { class: 'crumb' }, h('a', { href: link(['profiles']) }, 'Profiles')),
      h('h1', { tabindex: '-1', class: (profile.name || profile.user_id).length > 60 ? 'long' : null }, foreign(profile.name || profile.user_id)),
      h('ul', { class: 'meta' }, h('li', {}, badge(PROFILE_STATES, profile.state)), h('li', {}, h('code', { class: 'foreign', dir: 'auto' }, profile.user_id)),
        profile.email ? h('li', {}, foreign(profile.email)) : null,
        profile.company_id ? h('li', {}, 'Company ', h('a', { href: link(['profiles'], { company: profile.company_id }) }, foreign(profile.company_id))) : null),
      h('ul', { class: 'meta hint' }, [['Changed in Moesif ', profile.modified_time], ['Read ', profile.read_at], ['Acknowledged ', profile.acknowledged_at]]
        .filter(([, at]) => at).map(([words, at]) => h('li', {}, words, time(at))))),
    again ? h('div', { class: 'actions' }, again) : null);
  return { node, again };
}

const MOST_OFTEN = 5_000;

// What makes a profile another one: not the times at which it is tried again.
const shownOf = (p) => JSON.stringify([p.state, p.traits, p.acknowledged, p.pending?.traits, p.pending?.state, p.gone_at, p.quarantined?.reason, p.messages.map((m) => [m.message_id, m.state])]);

// Looks when messages or documents have moved since the last look, every few seconds at most.
function whenSomethingMoves(look, signal) {
  let seen = null;
  let next = 0;
  live.follow(async ({ queue, savings, moesif }) => {
    const now = JSON.stringify([queue.waiting, queue.offered, queue.held, queue.dead, savings, moesif.last_pass_at]);
    seen ??= now;
    if (now === seen || Date.now() < next) return;
    seen = now;
    next = Date.now() + MOST_OFTEN;
    try {
      await look();
    } catch {
      // A lost connection is told at the top of the page, and one that is gone when it is read again.
    }
  }, signal);
}

export function profileView({ path: [, id], query: asked }, signal) {
  const place = h('div', { class: 'stack' }, pageHead(h('bdi', { class: 'foreign', dir: 'auto' }, id)), loading());
  const path = `/v1/profiles/${encodeURIComponent(id)}`;
  const changed = h('p', { class: 'hint', role: 'status' });
  let known = null;

  async function load() {
    try {
      const profile = await get(path, { signal });
      known = shownOf(profile);
      fill(changed);
      const top = head(profile);
      top.again?.addEventListener('click', () => sendAgain(profile, signal, load));
      const source = disclosure('Document from Moesif', () => jsonText('Document as stored', profile.source));
      const context = disclosure('Context sent along', () => jsonText('Context', profile.context));
      const pending = profile.pending ? disclosure('Traits that wait', () => jsonText('Traits that wait', profile.pending.traits)) : null;
      const history = card('Messages', messageHistory(profile.messages, signal, asked.message));
      fill(place, top.node, notes(profile), card('Traits', traitTable(profile)), history,
        card('Behind it', h('div', { class: 'actions' }, source.control, context.control, pending?.control), source.body, context.body, pending?.body));
      if (asked.message) history.scrollIntoView({ block: 'start' });
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      if (problem.status === 404) {
        fill(place, pageHead(h('bdi', { class: 'foreign', dir: 'auto' }, id)), callout('warn', 'search', 'This user is not in the store',
          h('p', {}, `${problem.message[0].toUpperCase()}${problem.message.slice(1)}.`),
          h('div', { class: 'actions' }, linkButton('Search for the beginning of the id', link(['profiles'], { q: id.slice(0, 8) }), { kind: 'primary' }))));
      } else fill(place, pageHead(h('bdi', { class: 'foreign', dir: 'auto' }, id)), failure(problem, load));
    }
  }
  load();
  whenSomethingMoves(async () => {
    if (known === null || changed.hasChildNodes()) return;
    const before = known;
    const now = shownOf(await get(path, { signal }));
    if (before === known && now !== known) fill(changed, 'This profile has changed since. ', button('Show it as it is now', { kind: 'quiet small', onClick: load }));
  }, signal);
  return append(h('div', { class: 'stack' }), changed, place);
}
