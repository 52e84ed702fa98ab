import { get, post, query } from './api.js';
import { confirm } from './dialog.js';
import { append, busy, fill, foreign, h, setText } from './element.js';
import { count, counted, grouped } from './format.js';
import { jsonText } from './json_text.js';
import { live } from './live.js';
import { actButton, button, card, disclosure, empty, failure, linkButton, loading, notice, pageHead } from './parts.js';
import { noBody } from './messages.js';
import { link } from './route.js';
import { time } from './time.js';
import { DEAD_REASONS } from './words.js';

const SAMPLE = 10;
const MOST_COUNTED = 10_000;
const MOST_OF_ANSWER = 400;

// The list tells no totals by reason. Where only one reason has more than a page, it is what the others leave of the
// whole; else it is counted, up to a bound.
async function countOf(reason, signal) {
  let n = 0;
  let cursor = null;
  while (n < MOST_COUNTED) {
    const { items, next_cursor: next } = await get(query('/v1/dead-letters', { reason, limit: 500, cursor }), { signal });
    n += items.length;
    cursor = next;
    if (!cursor) return { n, exact: true };
  }
  return { n, exact: false };
}

// A page may be short, even empty, and others still follow: where another reason has a hundred thousand.
async function someOf(reason, limit, start, signal) {
  const items = [];
  let cursor = start;
  do {
    const page = await get(query('/v1/dead-letters', { reason, limit: limit - items.length, cursor }), { signal });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < limit);
  return { items, next_cursor: cursor };
}

const letters = ({ n, exact }) => (exact ? counted(n, 'dead letter') : `more than ${counted(n, 'dead letter')}`);
const lettersOrMore = ({ n, exact }) => (exact ? `${count(n)} or more dead letters` : letters({ n, exact }));

// `now`: what it is about at present, where that can change while somebody looks at the question.
const asked = (verb, what) => ({ title: `${verb} ${what}?`, action: `${verb} ${what}` });
const askedNow = (verb, now) => now && (async (options) => {
  const found = await now(options);
  return [`${verb} ${letters(found)}`, `${verb} ${lettersOrMore(found)}`];
});

function retry(what, body, done, now = null) {
  confirm({
    ...asked('Retry', what),
    careful: now !== null, // many: each is billed
    current: askedNow('Retry', now),
    text: ['Their traits join the queue with the values that Moesif has now, as new messages. What Segment refuses again comes back here.'],
    run: (options) => post('/v1/dead-letters/retry', body, options),
    done: ({ count: n }) => { notice(`${counted(n, 'dead letter')} joined the queue again.`); done(); },
  });
}

function discard(what, body, done, now = null) {
  confirm({
    ...asked('Discard', what),
    current: askedNow('Discard', now),
    text: ['Segment keeps what it has. A discarded trait is sent again only when its value changes in Moesif. This cannot be taken back.'],
    danger: true,
    run: (options) => post('/v1/dead-letters/discard', body, options),
    done: ({ count: n }) => { notice(`${counted(n, 'dead letter')} discarded.`); done(); },
  });
}

// A proxy's error page is a page for people, of thousands of characters.
function answer(text) {
  if (text.length <= MOST_OF_ANSWER) return h('p', { class: 'answer' }, foreign(text));
  const whole = disclosure('Show the whole answer', () => h('p', { class: 'answer' }, foreign(text)), { kind: 'quiet small' });
  return [h('p', { class: 'answer' }, foreign(`${text.slice(0, MOST_OF_ANSWER)} …`)), whole.control, whole.body];
}

function letter(item, done) {
  const body = disclosure('Show the body', () => (item.body === null ? noBody(item) : jsonText(item.reason === 'too_large' ? 'Body that was too large' : 'Body as it was offered', item.body)), { kind: 'quiet small' });
  const ids = { message_ids: [item.message_id] };
  const of = h('span', { class: 'unseen' }, ` the dead letter of ${item.user_id}`);
  const again = actButton('Retry …', { kind: 'small', onClick: () => retry('1 dead letter', ids, done) });
  const drop = actButton('Discard …', { kind: 'small', onClick: () => discard('1 dead letter', ids, done) });
  append(again, of.cloneNode(true));
  append(drop, of);
  return h('li', { class: 'letter' },
    h('div', { class: 'letter-text' },
      h('p', {}, h('a', { class: 'strong', href: link(['profiles', item.user_id]) }, foreign(item.user_id, 'bdi', { class: item.user_id.length > 60 ? 'clamped' : null, title: item.user_id.length > 60 ? item.user_id : null })), h('span', { class: 'hint' }, ' · ', item.traits.join(', '), ' · ', time(item.settled_at ?? item.created_at))),
      item.answer ? answer(item.reason === 'too_large' ? grouped(item.answer) : item.answer) : null),
    h('div', { class: 'actions' }, body.control, again, drop), body.body);
}

function totals(pages, dead) {
  const long = pages.filter((page) => page.next_cursor);
  const rest = dead - pages.reduce((sum, page) => sum + (page.next_cursor ? 0 : page.items.length), 0);
  return (page) => {
    if (!page.next_cursor) return { n: page.items.length, exact: true };
    return long.length === 1 && rest > page.items.length ? { n: rest, exact: true } : null;
  };
}

function reasonGroup(reason, first, total, dead, signal, done) {
  const { title, means } = DEAD_REASONS[reason];
  const list = h('ul', { class: 'letters' }, first.items.map((item) => letter(item, done)));
  const heading = h('span', { class: 'number' }, total ? letters(total) : `more than ${first.items.length}`);
  const problems = h('div', {});
  let cursor = first.next_cursor;
  const more = button('Show more', { kind: 'quiet' });
  more.hidden = !cursor;
  more.addEventListener('click', async () => {
    const free = busy(more);
    fill(problems);
    try {
      const page = await someOf(reason, SAMPLE * 2, cursor, signal);
      // Only so many stand on the page at once; the profile search finds every one.
      while (list.childElementCount > 200) list.firstElementChild.remove();
      append(list, page.items.map((item) => letter(item, done)));
      cursor = page.next_cursor;
      more.hidden = !cursor;
    } catch (problem) {
      if (problem.name !== 'AbortError') fill(problems, failure(problem));
    }
    free();
  });
  // Counted at most once at a time; what failed, or was given up with its dialog, is counted anew.
  let found = total;
  let counting = null;
  const totalNow = () => (found ? Promise.resolve(found) : (counting ??= countOf(reason, signal)
    .then((n) => { found ??= n; setText(heading, letters(found)); return found; })
    .finally(() => { counting = null; })));
  // Only where their number changed they are counted again.
  const now = async (options) => {
    const { queue } = await get('/v1/status', options);
    if (queue.dead === dead) return totalNow();
    found = await countOf(reason, options.signal);
    dead = queue.dead;
    return found;
  };
  const ask = (then) => async () => {
    fill(problems);
    try {
      then(letters(await totalNow()), { reason }, done, now);
    } catch (problem) {
      if (problem.name !== 'AbortError') fill(problems, failure(problem));
    }
  };
  if (!total) totalNow().catch(() => {}); // asked again by who presses
  return h('section', { class: 'card' },
    h('div', { class: 'section-head' }, h('div', {}, h('h2', {}, title), h('p', { class: 'hint' }, heading)),
      h('div', { class: 'actions' }, actButton('Retry all …', { sign: 'retry', kind: 'primary', 'aria-label': `Retry all, ${title}`, onClick: ask(retry) }),
        actButton('Discard all …', { sign: 'close', 'aria-label': `Discard all, ${title}`, onClick: ask(discard) }))),
    h('p', { class: 'means' }, means), problems, list, more);
}

export function deadLettersView(_route, signal) {
  const place = h('div', { class: 'stack' }, loading());
  const changed = h('p', { class: 'hint', role: 'status' });
  let known = null;

  async function load() {
    try {
      const reasons = Object.keys(DEAD_REASONS);
      const [{ queue }, ...pages] = await Promise.all([get('/v1/status', { signal }), ...reasons.map((reason) => someOf(reason, SAMPLE, null, signal))]);
      const total = totals(pages, queue.dead);
      const groups = reasons.flatMap((reason, i) => (pages[i].items.length > 0 ? [reasonGroup(reason, pages[i], total(pages[i]), queue.dead, signal, load)] : []));
      fill(changed);
      known = queue.dead;
      fill(place, groups.length > 0 ? groups
        : card(null, empty('ok', 'No dead letters', 'Nothing that Segment refused waits for a decision.', linkButton('To the overview', '#/'))));
    } catch (problem) {
      if (problem.name !== 'AbortError') fill(place, failure(problem, load));
    }
  }
  load();
  live.follow(({ queue }) => {
    if (queue.dead === known) fill(changed);
    if (known === null || queue.dead === known || changed.hasChildNodes()) return;
    fill(changed, 'There are other dead letters now. ', button('Show them', { kind: 'quiet small', onClick: load }));
  }, signal);
  return h('div', { class: 'stack' },
    pageHead('Dead letters', 'Messages that Segment will not take. Nothing else waits for them: later changes of the same users go on.'), changed, place);
}
