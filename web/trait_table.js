import { append, foreign, h } from './element.js';
import { count, counted, grouped } from './format.js';
import { icon } from './icons.js';
import { ABSENT, isNested, pairLeaves } from './leaves.js';
import { button } from './parts.js';
import { link } from './route.js';
import { time, withTimes } from './time.js';
import { value } from './value.js';
import { TRAIT_STATES, badge } from './words.js';

// Moesif, Segment, what happens next: one group of rows a trait, nested values leaf by leaf.
const NOT_THERE = 'not there';
const NEVER = 'not acknowledged';
const NOT_KEPT = 'not stored';
const POLICIES = { ride: 'rides along', never: 'never sent', hash: 'sent as a hash', always: 'always sent along' };

function differing(row) {
  return row.differs ? h('span', { class: 'differs' }, icon('warn'), 'differs') : null;
}

// `words`: what stands where there is nothing.
function cells(row, words) {
  return [
    h('td', { role: 'cell', 'data-label': 'Moesif' }, value(row.moesif, words.moesif)),
    h('td', { role: 'cell', 'data-label': 'Segment' }, value(row.segment, words.segment)),
  ];
}

function leafRow(row, words) {
  return h('tr', { role: 'row', class: row.differs ? 'leaf changed' : 'leaf' },
    h('th', { scope: 'row', role: 'rowheader' }, foreign(row.path.join(' › ')), differing(row)), cells(row, words));
}

const isNowhere = ({ state, segment_value }) => state === 'unchanged' && segment_value === null;

function next(userId, item, rows) {
  return h('td', { class: 'next', role: 'cell', 'data-label': 'What happens next', rowspan: rows },
    badge(TRAIT_STATES, isNowhere(item) ? 'nothing' : item.state), h('p', { class: 'foreign', dir: 'auto' }, withTimes(item.state === 'too_large' ? grouped(item.reason) : item.reason)),
    h('p', { class: 'hint' }, item.at ? time(item.at) : null,
      item.message_id ? [item.at ? ' · ' : '', h('a', { href: link(['profiles', userId], { message: item.message_id }) }, 'message', h('span', { class: 'unseen' }, ` of ${item.trait}`))] : null));
}

// `sides` tells a null from nothing at all: the answer's traits and acknowledged objects know which is there. What was
// removed from Moesif and is kept stands in the traits and is no value of Moesif's.
function group(userId, item, sides) {
  const moesif = sides.traits[item.trait] === null ? null : item.moesif_value ?? ABSENT;
  const segment = Object.hasOwn(sides.acknowledged, item.trait) ? item.segment_value : item.segment_value ?? ABSENT;
  const body = h('tbody', { role: 'rowgroup', class: `trait ${item.state === 'unchanged' ? '' : 'moving'}` });
  const policy = POLICIES[item.policy] ? h('span', { class: 'policy' }, POLICIES[item.policy]) : null;
  const name = h('th', { scope: 'rowgroup', role: 'rowheader' }, h('span', { class: 'strong' }, item.trait), policy);

  const words = { moesif: item.policy === 'never' ? NOT_KEPT : NOT_THERE, segment: segment === ABSENT ? NEVER : NOT_THERE };
  if (!isNested(moesif) && !isNested(segment)) {
    const row = pairLeaves(moesif, segment).rows[0];
    if (row.differs && item.state !== 'unchanged') append(name, differing(row));
    append(body, h('tr', { role: 'row', class: row.differs && item.state !== 'unchanged' ? 'changed' : null }, name, cells(row, words), next(userId, item, 1)));
    return body;
  }
  const { rows, total, differing: unlike } = pairLeaves(moesif, segment);
  const changed = rows.filter((row) => row.differs);
  const equal = rows.filter((row) => !row.differs);
  const summary = h('td', { class: 'summary', role: 'cell', colspan: 2 },
    h('span', {}, unlike > 0 ? `${counted(unlike, 'member')} of ${count(total)} ${unlike === 1 ? 'differs' : 'differ'}${unlike > changed.length ? `, the first ${count(changed.length)} are here` : ''}`
      : `${counted(total, 'member')}, all equal`));
  const last = next(userId, item, 1 + changed.length);
  append(body, h('tr', { role: 'row' }, name, summary, last), changed.map((row) => leafRow(row, words)));
  if (equal.length > 0) {
    const label = `Show ${equal.length < total - unlike ? `${count(equal.length)} of ` : ''}${counted(total - unlike, 'equal member')}`;
    const more = button(label, { kind: 'quiet small', 'aria-expanded': 'false' });
    let shown = [];
    more.addEventListener('click', () => {
      const opens = shown.length === 0;
      shown.forEach((row) => row.remove());
      shown = opens ? equal.map((row) => leafRow(row, words)) : [];
      append(body, shown);
      last.setAttribute('rowspan', String(1 + changed.length + shown.length));
      more.setAttribute('aria-expanded', String(opens));
      more.lastChild.textContent = opens ? 'Hide equal members' : label;
    });
    append(summary, ' ', more);
  }
  return body;
}

const nowhere = (item) => (item.moesif_value ?? null) === null && (item.segment_value ?? null) === null && ['unchanged', 'gone'].includes(item.state);

export function traitTable(profile) {
  const node = h('table', { class: 'table traits', role: 'table' },
    h('caption', { class: 'unseen' }, 'Traits, the ones that differ first'),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['Trait', 'Moesif', 'Segment', 'What happens next'].map((label) => h('th', { scope: 'col', role: 'columnheader' }, label)))));
  const items = [...profile.diff].sort((a, b) => (a.state === 'unchanged') - (b.state === 'unchanged'));
  const shown = items.filter((item) => !nowhere(item));
  const hidden = items.filter(nowhere);
  append(node, shown.map((item) => group(profile.user_id, item, profile)));
  if (hidden.length === 0) return node;
  const more = button(`Show ${counted(hidden.length, 'trait')} with no value on either side`, {
    kind: 'quiet', onClick: () => {
      const groups = hidden.map((item) => group(profile.user_id, item, profile));
      append(node, groups);
      // Who is on the keyboard goes on at the first of them.
      groups[0].tabIndex = -1;
      groups[0].focus({ preventScroll: true });
      more.remove();
    },
  });
  return h('div', {}, node, more);
}
