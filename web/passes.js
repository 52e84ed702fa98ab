import { get, query } from './api.js';
import { pullButtons } from './controls.js';
import { append, fill, h } from './element.js';
import { count, duration } from './format.js';
import { live } from './live.js';
import { pagedList } from './paged_list.js';
import { card, empty, failure, loading, pageHead, table } from './parts.js';
import { link, turn } from './route.js';
import { time } from './time.js';
import { RUN_KINDS, RUN_STATES, badge } from './words.js';

const COLUMNS = [
  { label: 'Pass' }, { label: 'State' }, { label: 'Started' }, { label: 'Took', kind: 'nobreak' },
  { label: 'Read', kind: 'numeric' }, { label: 'Changed', kind: 'numeric' }, { label: 'Queued', kind: 'numeric' },
  { label: 'Quarantined', kind: 'numeric' }, { label: 'Gone', kind: 'numeric' },
];

function took(run) {
  if (!run.started) return '–';
  return duration(((run.ended ? Date.parse(run.ended) : live.now()) - Date.parse(run.started)) / 1_000);
}

const cells = (run) => [
  h('span', { class: 'nobreak', 'data-pass': run.id }, RUN_KINDS[run.kind] ?? run.kind, h('span', { class: 'hint' }, ` #${run.id}`)),
  [badge(RUN_STATES, run.state), run.error ? h('p', { class: 'error-line foreign', dir: 'auto' }, run.error) : null],
  time(run.started), took(run), count(run.read), count(run.changed), count(run.queued), count(run.quarantined), count(run.gone),
];

// The row of the pass that runs goes along with each beat.
function followRunning(list, columns, signal) {
  live.follow(({ moesif: { run } }) => {
    const row = run && live.connection.state === 'live' && list.querySelector(`[data-pass="${run.id}"]`)?.closest('tr');
    if (!row) return;
    const now = cells(run);
    columns.forEach((column, i) => {
      const cell = append(h('td'), now[column]);
      if (cell.textContent !== row.cells[i].textContent) row.cells[i].replaceChildren(...cell.childNodes);
    });
  }, signal);
}

const none = () => empty('list', 'No pass has run yet', 'The first one reads everything and begins by itself after the start.');

// Which pass is the newest and how far it is: another answer of this is a reason to read the list again. One that failed
// shows in the time of the next alone.
const passMark = ({ moesif }) => `${moesif.last_pass_at} ${moesif.next_pass_at} ${moesif.run?.id} ${moesif.run?.state}`;

function refreshed(signal, reload) {
  let mark = '';
  live.follow((status) => {
    const now = passMark(status);
    if (now !== mark) reload();
    mark = now;
  }, signal);
}

export function latestPasses(signal) {
  const list = h('div', {}, loading());
  const brief = [0, 1, 2, 4, 6];
  let round = 0;
  async function load() {
    const mine = (round += 1);
    try {
      const { items } = await get(query('/v1/runs', { limit: 6 }), { signal });
      if (mine === round) fill(list, items.length === 0 ? none() : table('Latest passes', brief.map((i) => COLUMNS[i]), items.map(cells).map((r) => brief.map((i) => r[i])), { class: 'numbers-table' }));
    } catch (problem) {
      if (problem.name !== 'AbortError' && mine === round) fill(list, failure(problem, load));
    }
  }
  refreshed(signal, load);
  followRunning(list, brief, signal);
  return card('Latest passes', list, h('p', {}, h('a', { href: link(['passes']) }, 'All passes')));
}

export function passesView({ query: asked }, signal) {
  const list = pagedList({
    path: '/v1/runs', parameters: {}, signal, cursor: asked.cursor ?? '',
    onCursor: (cursor, before) => turn(['passes'], { cursor }, before),
    show: (items) => table('Passes', COLUMNS, items.map(cells), { class: 'numbers-table' }),
    whenEmpty: none,
  });
  let first = true;
  refreshed(signal, () => { if (!first) list.reload(); first = false; });
  followRunning(list.node, [...COLUMNS.keys()], signal);
  return h('div', { class: 'stack' },
    pageHead('Passes', 'Each pass reads profiles from Moesif, newest first here. An incremental pass reads what changed, a full pass everything; '
      + 'a comparison goes through the store after the policies changed.', pullButtons()),
    card(null, list.node));
}
