import { get, query } from './api.js';
import { append, fill, h } from './element.js';
import { count } from './format.js';
import { button, failure, loading } from './parts.js';
import { pagesBefore } from './route.js';

const MOST_STEPS = 20;

// A list read page by page with the service's cursor. A page may be short or empty while there are more: it reads
// on, but not for ever without asking. `onCursor` is told of each turn, with the cursors of the pages before.
export function pagedList({ path, parameters, signal, show, whenEmpty, cursor = '', onCursor = () => {}, limit = 50 }) {
  const node = h('div', { class: 'paged' });
  const before = cursor ? pagesBefore() : [];
  let present = cursor;
  let round = 0;

  async function load(at) {
    if (signal.aborted) return;
    // A page that was asked for later counts, whichever answer comes first.
    round += 1;
    const mine = round;
    present = at;
    node.setAttribute('aria-busy', 'true');
    if (!node.hasChildNodes()) fill(node, loading());
    try {
      const items = [];
      let next = at;
      let steps = 0;
      do {
        const page = await get(query(path, { ...parameters, limit, cursor: next }), { signal });
        items.push(...page.items);
        next = page.next_cursor;
        steps += 1;
      } while (next && items.length === 0 && steps < MOST_STEPS);
      if (mine !== round) return;
      paint(items, at, next);
    } catch (problem) {
      if (mine !== round) return;
      if (problem.name !== 'AbortError') fill(node, failure(problem, () => load(at)));
    }
    node.removeAttribute('aria-busy');
  }

  function move(to) {
    onCursor(to, before);
    load(to).then(() => node.scrollIntoView({ block: 'nearest' }));
  }

  function paint(items, at, next) {
    if (items.length === 0 && !next && !at) {
      fill(node, whenEmpty());
      return;
    }
    const pages = h('nav', { class: 'pages', 'aria-label': 'Pages' });
    if (at) {
      append(pages, button('First', { onClick: () => { before.length = 0; move(''); } }));
      if (before.length > 0) append(pages, button('Previous', { onClick: () => move(before.pop()) }));
    }
    append(pages, h('span', { class: 'pages-count' }, items.length === 0 ? 'Nothing here so far' : `${count(items.length)} on this page`));
    if (next) append(pages, button(items.length === 0 ? 'Look further' : 'Next', { onClick: () => { before.push(at); move(next); } }));
    fill(node, items.length > 0 ? show(items) : null, at || next ? pages : null);
  }

  load(cursor);
  return { node, reload: () => load(present) };
}
