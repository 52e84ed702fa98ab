import { h, setAttribute, setText } from './element.js';
import { moment, NOTHING, utc } from './format.js';

// Shown in the reader's zone; pointing at it tells UTC, which is what logs and the API say.
export function time(iso) {
  const node = h('time', { class: 'time' });
  setTime(node, iso);
  return node;
}

export function setTime(node, iso) {
  setText(node, iso ? moment(iso) : NOTHING);
  if (!iso) {
    node.removeAttribute('datetime');
    node.removeAttribute('title');
    return;
  }
  setAttribute(node, 'datetime', iso);
  setAttribute(node, 'title', utc(iso));
}

const RFC_3339 = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

// A sentence of the service names times in UTC; here they read like all others.
export function withTimes(text) {
  return String(text ?? '').split(RFC_3339).map((part, i) => (i % 2 === 1 ? time(part) : part));
}
