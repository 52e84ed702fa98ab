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
// answer was given, and another try repeats the same request under the same key. `current` tells the action's words once
// more before it runs, and those for a number that does not come to rest: where they are others by now, they are shown,
// and the answer is asked for again. `careful`: the way out has the focus first; `keep` is its name.
export function confirm({ title, text, action, danger = false, careful = danger, keep = 'Cancel', run, done, current = null }) {
  const key = newKey();
  const controller = new AbortController();
  const problems = h('div', {});
  const cancel = button(keep, { onClick: () => node.close() });
  const yes = button(action, { kind: danger ? 'danger' : 'primary' });
  let asked = action;
  let changes = 0;
  let tried = false;

  async function isOther() {
    // What was tried may be done already, with its answer lost: the number of what is left says nothing then. And who
    // was shown twice that it changes has agreed to all there is.
    if (!current || tried || changes > 1) return false;
    const [now, growing] = await current({ signal: controller.signal });
    if (now === asked) return false;
    asked = now;
    changes += 1;
    const words = changes > 1 ? growing : now;
    heading.textContent = `${words}?`;
    yes.lastChild.textContent = words;
    const news = changes > 1
      ? callout('warn', 'warn', 'The number is still changing', h('p', {}, 'Nothing was done yet. Go on, and it is done with as many as there are by then.'))
      : callout('warn', 'warn', 'The number has changed since you were asked', h('p', {}, 'Nothing was done yet. Look at the new one first.'));
    news.setAttribute('role', 'alert');
    fill(problems, news);
    return true;
  }

  yes.addEventListener('click', async () => {
    yes.disabled = true;
    fill(problems);
    try {
      if (await isOther()) {
        yes.disabled = false;
        (careful ? cancel : yes).focus();
        return;
      }
      tried = true;
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
