import { newKey } from './api.js';
import { fill, h } from './element.js';
import { button, failure, newId } from './parts.js';

let shown = null;

// A dialog belongs to the view that opened it.
export function closeDialog() {
  shown?.close();
}

export function openDialog(title, content, buttons, { wide = false, onClose = () => {} } = {}) {
  closeDialog();
  const id = newId('dialog');
  const node = h('dialog', { class: wide ? 'dialog wide' : 'dialog', 'aria-labelledby': id },
    h('h2', { id, tabindex: '-1' }, title), h('div', { class: 'dialog-content' }, content), h('div', { class: 'dialog-actions' }, buttons));
  shown = node;
  document.body.append(node);
  node.addEventListener('close', () => {
    if (shown === node) shown = null;
    node.remove();
    onClose();
  }, { once: true });
  node.showModal();
  return node;
}

// Asks before something that cannot be taken back. The request runs inside the dialog: an error is told where the
// answer was given, and another try repeats the same request under the same key.
export function confirm({ title, text, action, danger = false, run, done }) {
  const key = newKey();
  const controller = new AbortController();
  const problems = h('div', {});
  const cancel = button('Cancel', { onClick: () => node.close() });
  const yes = button(action, { kind: danger ? 'danger' : 'primary' });
  yes.addEventListener('click', async () => {
    yes.disabled = true;
    fill(problems);
    try {
      const answer = await run({ key, signal: controller.signal });
      node.close();
      done?.(answer);
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      yes.disabled = false;
      fill(problems, failure(problem));
      yes.focus();
    }
  });
  const content = [].concat(text).map((part) => (part instanceof Node ? part : h('p', {}, part)));
  const node = openDialog(title, [content, problems], [cancel, yes], { onClose: () => controller.abort() });
  (danger ? cancel : yes).focus();
}
