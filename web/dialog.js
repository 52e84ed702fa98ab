import { newKey } from './api.js';
import { fill, h, settleFocus } from './element.js';
import { button, callout, failure, newId } from './parts.js';

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
    // The browser gives the focus back to what opened it, where that is still there.
    settleFocus();
  }, { once: true });
  node.showModal();
  return node;
}

// Asks before something that cannot be taken back. The request runs inside the dialog: an error is told where the
// answer was given, and another try repeats the same request under the same key. `current` tells title and action once
// more before it runs: where they are others by now, they are shown, and the answer is asked for again. `careful`: the way
// out has the focus first; `keep` is its name.
export function confirm({ title, text, action, danger = false, careful = danger, keep = 'Cancel', run, done, current = null }) {
  const key = newKey();
  const controller = new AbortController();
  const problems = h('div', {});
  const cancel = button(keep, { onClick: () => node.close() });
  const yes = button(action, { kind: danger ? 'danger' : 'primary' });
  yes.addEventListener('click', async () => {
    yes.disabled = true;
    fill(problems);
    try {
      const now = await current?.({ signal: controller.signal });
      if (now && now.title !== heading.textContent) {
        heading.textContent = now.title;
        yes.lastChild.textContent = now.action;
        yes.disabled = false;
        fill(problems, callout('warn', 'warn', 'The number has changed since you were asked', h('p', {}, 'Nothing was done yet. Look at the new one first.')));
        (careful ? cancel : yes).focus();
        return;
      }
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
  const heading = node.querySelector('h2');
  (careful ? cancel : yes).focus();
}
