import { isNumber, isObject, write } from './exact_json.js';
import { h } from './element.js';
import { ABSENT } from './leaves.js';
import { button } from './parts.js';

const LONG = 240;

function longText(text) {
  const shown = h('bdi', { class: 'foreign', dir: 'auto', tabindex: '-1' }, `${text.slice(0, LONG)}…`);
  const more = button('Show all', { kind: 'quiet small', onClick: () => { shown.textContent = text; shown.focus({ preventScroll: true }); more.remove(); } });
  return h('span', {}, shown, ' ', more);
}

// One value as text. Strings stand as they are, all else looks different, so that "1" and 1 can be told apart.
export function value(v, absent) {
  if (v === ABSENT || v === undefined) return h('span', { class: 'value none' }, absent);
  if (v === null) return h('span', { class: 'value none' }, 'null');
  if (v === '') return h('span', { class: 'value none' }, 'empty text');
  if (typeof v === 'string') return h('span', { class: 'value', title: 'text' }, v.length > LONG + 40 ? longText(v) : h('bdi', { class: 'foreign', dir: 'auto' }, v));
  if (isObject(v)) return h('span', { class: 'value none' }, Array.isArray(v) ? 'empty list' : 'empty object');
  return h('span', { class: 'value code', title: isNumber(v) ? 'number' : 'truth value' }, write(v));
}
