import { get, newKey, post } from './api.js';
import { busy, fill, h, setText } from './element.js';
import { bytes, count, counted, duration } from './format.js';
import { jsonText } from './json_text.js';
import { live } from './live.js';
import { actButton, button, callout, disclosure, facts, failure, notice } from './parts.js';
import { confirm } from './dialog.js';
import { REPLAY_STATES, badge, setBadge } from './words.js';

// Preview, then start, then watch: the same three steps for one profile and for thousands.

// After a cancellation it is looked for what was on its way until so many looks found the same.
const SETTLING_LOOKS = 20;
// A replay's answer names the ids that were asked for, ten thousand at most: of many it is looked at less often.
const IDS_A_SECOND = 2_500;

export function progress(replay, signal, ended = () => {}) {
  const bar = h('progress', { max: 1, value: 0, 'aria-label': `Progress of replay ${replay.id}` });
  const words = h('span', { class: 'number' });
  const state = badge(REPLAY_STATES, replay.state);
  const cancel = actButton('Cancel …', { kind: 'quiet small', sign: 'close' });
  const node = h('div', { class: 'progress', 'aria-live': 'off' }, state, bar, words, cancel);
  let current = replay;
  let reading = false;
  let rests = 0; // until then
  let settling = 0; // cancelled: what was on its way is still to be counted, as long as it moves
  // Once it stands in the page; what asks for it puts it there at once.
  let shown = false;
  queueMicrotask(() => { shown = true; });

  function paint(now) {
    current = now;
    setBadge(state, REPLAY_STATES, now.state);
    bar.max = Math.max(1, now.messages);
    bar.value = now.state === 'done' ? bar.max : now.done;
    setText(words, now.state === 'running' && now.estimated_seconds > 0
      ? `${count(now.done)} of ${counted(now.messages, 'message')}, about ${duration(now.estimated_seconds)} more` : `${count(now.done)} of ${counted(now.messages, 'message')}`);
    cancel.hidden = now.state !== 'running';
  }

  cancel.addEventListener('click', () => confirm({
    title: 'Cancel this replay?',
    text: `At most ${counted(Math.max(0, current.messages - current.done), 'message')} would not be sent by it any more: what is on its way still goes. What was sent stays sent, ordinary changes go on.`,
    action: 'Cancel the replay', keep: 'Let it run', danger: true,
    run: (options) => post(`/v1/replays/${encodeURIComponent(replay.id)}/cancel`, {}, options),
    done: (now) => { settling = SETTLING_LOOKS; paint(now); notice('The replay is cancelled.'); ended(now); },
  }));
  paint(replay);
  // The status beats once a second while something moves; each beat is the occasion to look, until another table has
  // taken this one's place.
  live.follow(async () => {
    if (reading || !live.answers || (shown && !node.isConnected)) return;
    const running = current.state === 'running';
    if ((!running && !settling) || Date.now() < rests) return;
    reading = true;
    rests = Date.now() + Math.floor((current.selector?.user_ids?.length ?? 0) / IDS_A_SECOND) * 1_000;
    try {
      const { done } = current;
      paint(await get(`/v1/replays/${encodeURIComponent(replay.id)}`, { signal }));
      if (!running) settling = current.done === done ? settling - 1 : SETTLING_LOOKS;
      if (running && current.state !== 'running') ended(current);
    } catch {
      // The next beat looks again; a lost connection is told at the top of the page.
    }
    reading = false;
  }, signal);
  return node;
}

function preview(found) {
  const samples = disclosure(`Show ${counted(found.sample.length, 'sample body', 'sample bodies')}`, () => found.sample.map((body, i) => jsonText(`Sample ${i + 1}`, body)));
  return h('div', { class: 'preview', tabindex: '-1' },
    facts([['Profiles', count(found.profiles)], ['Messages', count(found.messages)], ['Size', bytes(found.bytes)], ['Takes about', duration(found.estimated_seconds)]]),
    found.sample.length > 0 ? [samples.control, samples.body] : null);
}

export function replaySteps({ signal, selector, started = () => {} }) {
  const result = h('div', { class: 'steps-result', 'aria-live': 'polite' });
  const look = actButton('Preview', { sign: 'search', kind: 'primary' });
  const node = h('div', { class: 'steps' }, h('div', { class: 'actions' }, look), result);
  let round = 0;

  async function show() {
    const mine = (round += 1);
    let body;
    try {
      body = selector();
    } catch (problem) {
      fill(result, callout('warn', 'warn', problem.message));
      return;
    }
    const free = busy(look);
    try {
      const found = await post('/v1/replays', { ...body, dry_run: true }, { signal });
      if (mine === round) offer(body, found);
    } catch (problem) {
      if (problem.name !== 'AbortError' && mine === round) fill(result, failure(problem));
    }
    free();
  }

  function offer(body, found) {
    if (found.profiles === 0) {
      fill(result, callout('idle', 'search', 'No profile matches', h('p', {}, 'Nothing would be sent. Widen the selection and preview again.')));
      return;
    }
    const send = button(`Send ${counted(found.messages, 'message')}`, { sign: 'send', kind: 'primary' });
    const problems = h('div', {});
    const key = newKey();
    send.addEventListener('click', async () => {
      const free = busy(send);
      fill(problems);
      try {
        const replay = await post('/v1/replays', { ...body, preview_token: found.preview_token }, { signal, key });
        look.classList.remove('primary');
        fill(result, callout('ok', 'ok', 'The messages have joined the queue', progress(replay, signal, started)));
        started(replay);
      } catch (problem) {
        if (problem.name === 'AbortError') return;
        if (problem.status === 409 && problem.body.joined !== undefined) fill(problems, changed(problem.body));
        else fill(problems, failure(problem));
      }
      free();
    });
    look.classList.remove('primary');
    const shown = preview(found);
    fill(result, shown, h('div', { class: 'actions' }, send), problems);
    // To be looked at first: a second stroke of the key that asked for it must not send.
    shown.focus();
  }

  const changed = ({ joined, left }) => callout('warn', 'warn', 'The set of profiles has changed since the preview',
    h('p', {}, `${counted(joined, 'profile')} joined and ${counted(left, 'profile')} left it. Nothing was sent; look at the new preview first.`),
    h('div', { class: 'actions' }, button('Preview again', { sign: 'search', onClick: show })));

  look.addEventListener('click', show);
  return {
    node,
    // A changed selection makes the preview untrue.
    reset() {
      round += 1;
      look.classList.add('primary');
      fill(result);
    },
  };
}
