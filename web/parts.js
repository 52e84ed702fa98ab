import { READ_ONLY, explain } from './api.js';
import { append, fill, h, settleFocus } from './element.js';
import { icon } from './icons.js';
import { live } from './live.js';
import { isViewer } from './session.js';

// The page's small vocabulary of controls.

export function button(label, { sign, kind = 'plain', onClick, ...props } = {}) {
  return h('button', { type: 'button', class: `button ${kind}`, ...props, on: onClick ? { click: onClick } : {} },
    sign ? icon(sign) : null, h('span', {}, label));
}

// One that changes something: a viewer sees that it is there, and that it is not for this token.
export function actButton(label, props) {
  const node = button(label, props);
  if (!isViewer()) return node;
  node.disabled = true;
  node.classList.add('locked');
  node.title = READ_ONLY;
  return node;
}

export function linkButton(label, href, { sign, kind = 'plain' } = {}) {
  return h('a', { class: `button ${kind}`, href }, sign ? icon(sign) : null, h('span', {}, label));
}

export function pageHead(title, intro, ...actions) {
  return h('header', { class: 'page-head' },
    h('div', { class: 'page-title' }, h('h1', { tabindex: '-1' }, title), intro ? h('p', { class: 'intro' }, intro) : null),
    actions.length > 0 ? h('div', { class: 'actions' }, actions) : null);
}

export function card(title, ...children) {
  return h('section', { class: 'card' }, title ? h('h2', {}, title) : null, children);
}

export function empty(sign, title, text, ...actions) {
  return h('div', { class: 'empty' }, icon(sign), h('p', { class: 'empty-title' }, title), h('p', {}, text),
    actions.length > 0 ? h('div', { class: 'actions' }, actions) : null);
}

export function callout(tone, sign, title, ...children) {
  return h('div', { class: 'callout', 'data-tone': tone }, icon(sign),
    h('div', { class: 'callout-text' }, h('p', { class: 'callout-title' }, title), children));
}

// What failed because the service was away is asked again when it is back, unless the reader went on.
function whenBack(node, again, end) {
  let lost = false;
  let shown = false;
  live.watch(({ connection }) => {
    shown ||= node.isConnected;
    lost ||= connection.state !== 'live';
    if (shown && !node.isConnected) end.abort();
    else if (lost && connection.state === 'live') again();
  }, end.signal);
}

export function failure(problem, again) {
  const { title, detail } = explain(problem);
  const end = new AbortController();
  // Once: by the reader, or by itself.
  const once = () => { end.abort(); again(); };
  const node = callout('bad', 'stop', title, h('p', { dir: 'auto' }, detail),
    again ? h('div', { class: 'actions' }, button('Try again', { sign: 'retry', onClick: once })) : null);
  node.setAttribute('role', 'alert');
  if (again && problem.status === 0) whenBack(node, once, end);
  return node;
}

const SLOW = 6_000;

export function loading(label = 'Loading …') {
  const node = h('p', { class: 'loading', role: 'status' }, label);
  setTimeout(() => { if (node.isConnected) append(node, ' It takes longer than usual: the service is slow to answer.'); }, SLOW);
  return node;
}

let ids = 0;
export const newId = (stem) => `${stem}-${(ids += 1)}`;

export function field(label, control, hint) {
  control.id ||= newId('field');
  const hintId = hint ? `${control.id}-hint` : null;
  if (hintId) control.setAttribute('aria-describedby', hintId);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control,
    hint ? h('p', { class: 'hint', id: hintId }, hint) : null);
}

export function choice(type, label, props, hint) {
  return h('label', { class: 'choice' }, h('input', { type, ...props }),
    h('span', {}, h('span', { class: 'choice-label' }, label), hint ? h('span', { class: 'hint' }, hint) : null));
}

// A table that turns into a list of labelled lines on a narrow screen. Roles are spelled out because a changed
// display value takes a table's meaning away in some browsers.
export function table(caption, columns, rows, props = {}) {
  return h('table', { role: 'table', ...props, class: `table ${props.class ?? ''}`.trim() },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
      columns.map((c) => h('th', { scope: 'col', role: 'columnheader', class: c.kind }, c.unseen ? h('span', { class: 'unseen' }, c.label) : c.label)))),
    h('tbody', { role: 'rowgroup' }, rows.map((cells) => h('tr', { role: 'row' },
      cells.map((cell, i) => h(i === 0 ? 'th' : 'td', {
        class: columns[i].kind, 'data-label': columns[i].unseen ? null : columns[i].label,
        ...(i === 0 ? { scope: 'row', role: 'rowheader' } : { role: 'cell' }),
      }, cell))))));
}

export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(Boolean).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

// A part that opens on demand; its content is made at the first opening and dropped at closing.
export function disclosure(label, make, { sign = 'list', kind = 'quiet' } = {}) {
  const id = newId('part');
  const body = h('div', { id, class: 'disclosed', hidden: true });
  const control = button(label, { sign, kind, 'aria-expanded': 'false', 'aria-controls': id });
  control.addEventListener('click', () => {
    const opens = body.hidden;
    body.hidden = !opens;
    control.setAttribute('aria-expanded', String(opens));
    if (opens) append(body, make());
    else fill(body);
  });
  return { control, body };
}

const announcer = () => document.querySelector('.notices');

// What was done, said where a screen reader hears it; at most three, errors stay until closed.
export function notice(text, tone = 'ok') {
  const line = h('div', { class: 'notice', 'data-tone': tone }, icon(tone === 'ok' ? 'ok' : 'warn'), h('p', {}, text));
  const close = () => {
    const held = line.contains(document.activeElement);
    line.remove();
    if (held) settleFocus();
  };
  line.append(h('button', { type: 'button', class: 'button quiet only-icon', 'aria-label': 'Close this message', on: { click: close } }, icon('close')));
  const place = announcer();
  place?.append(line);
  while (place?.childElementCount > 3) place.firstElementChild.remove();
  if (tone === 'ok') setTimeout(close, 10_000);
}
