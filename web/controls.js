import { explain, post } from './api.js';
import { confirm } from './dialog.js';
import { busy, h } from './element.js';
import { live } from './live.js';
import { actButton, button, notice } from './parts.js';

// Runs a request that is safe to do at once, and says how it went.
export async function act(control, run, done) {
  const free = busy(control);
  try {
    notice(done(await run()));
  } catch (problem) {
    const { title, detail } = explain(problem);
    notice(`${title}. ${detail}`, 'bad');
  }
  free();
}

// Every new pass is first queued; whether it has to wait shows in what ran when it was asked for.
const AFTER = 'A pass runs already; yours begins when it ends.';
const passRuns = () => Boolean(live.status?.moesif.run);

function pull(kind, control) {
  const waits = passRuns();
  return act(control, () => post('/v1/pull', { kind }), () => (waits ? AFTER : 'The pass has begun.'));
}

function toggle(scope, what, signal) {
  const node = actButton(`Pause ${what}`, { sign: 'pause' });
  let paused = false;
  const paint = (now) => {
    paused = now;
    const label = `${paused ? 'Resume' : 'Pause'} ${what}`;
    if (node.lastChild.textContent === label) return;
    node.lastChild.textContent = label;
    node.classList.toggle('primary', paused);
    node.firstChild.replaceWith(button('', { sign: paused ? 'play' : 'pause' }).firstChild);
  };
  // The same status is told again each second: it may be older than the answer that was painted since.
  let seen = null;
  live.follow((status) => {
    if (status === seen) return;
    seen = status;
    paint(scope === 'pull' ? status.moesif.paused : status.segment.paused);
  }, signal);
  node.addEventListener('click', ({ detail }) => {
    // The second of a double click: it would take back at once what the first one did.
    if (detail > 1) return;
    act(node, () => post(paused ? '/v1/resume' : '/v1/pause', { scope }), (now) => {
      paint(scope === 'pull' ? now.pull_paused : now.deliver_paused);
      return paused ? `${what[0].toUpperCase()}${what.slice(1)} is paused; nothing is lost.`
        : `${what[0].toUpperCase()}${what.slice(1)} is no longer paused.`;
    });
  });
  return node;
}

export function pullButtons() {
  const now = actButton('Read changes now', { sign: 'retry' });
  now.addEventListener('click', () => pull('incremental', now));
  const all = actButton('Read everything …', { sign: 'list' });
  let waits = false;
  all.addEventListener('click', () => confirm({
    title: 'Read every profile again?',
    text: 'A full pass reads all users and companies from Moesif. It uses the request budget for a while and sends only what differs.',
    action: 'Read everything',
    run: (options) => {
      waits = passRuns();
      return post('/v1/pull', { kind: 'full' }, options);
    },
    done: () => notice(waits ? AFTER : 'The full pass has begun.'),
  }));
  return [now, all];
}

export function controls(signal) {
  return h('div', { class: 'controls', role: 'group', 'aria-label': 'Controls' },
    pullButtons(), toggle('pull', 'reading', signal), toggle('deliver', 'delivery', signal));
}
