import { memberText, write } from './exact_json.js';
import { fill, h } from './element.js';
import { bytes } from './format.js';
import { button } from './parts.js';

const MOST = 200_000;

async function copy(text, control) {
  const before = (control.dataset.label ??= control.lastChild.textContent);
  try {
    await navigator.clipboard.writeText(text);
    control.lastChild.textContent = 'Copied';
  } catch {
    control.lastChild.textContent = 'Copying is not allowed here';
  }
  setTimeout(() => { control.lastChild.textContent = before; }, 2_000);
}

// JSON to read, and to copy as the very bytes where they are known.
export function jsonText(label, data, exact = null) {
  const text = write(data);
  const shown = h('pre', { class: 'json', tabindex: '0', role: 'region', 'aria-label': label, dir: 'ltr' }, text.length > MOST ? `${text.slice(0, MOST)}\n…` : text);
  const whole = exact ?? text;
  const size = new Blob([whole]).size;
  const take = button(exact ? 'Copy the exact body' : 'Copy', { sign: 'copy', kind: 'quiet small' });
  take.addEventListener('click', () => copy(whole, take));
  return h('div', { class: 'json-box' }, h('div', { class: 'json-head' }, h('span', { class: 'hint' }, `${label}, ${bytes(size)}`), take), shown);
}

export const exactBody = (answerText) => memberText(answerText, 'body');

// Raw text that may be no JSON at all.
export function rawText(label, text) {
  const take = button('Copy', { sign: 'copy', kind: 'quiet small' });
  take.addEventListener('click', () => copy(text, take));
  const shown = h('pre', { class: 'json', tabindex: '0', role: 'region', 'aria-label': label, dir: 'auto' });
  fill(shown, text.length > MOST ? `${text.slice(0, MOST)}\n…` : text);
  return h('div', { class: 'json-box' }, h('div', { class: 'json-head' }, h('span', { class: 'hint' }, `${label}, ${bytes(new Blob([text]).size)}`), take), shown);
}
