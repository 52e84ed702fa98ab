// Elements are made from data through these functions alone: text becomes text nodes, so a profile's
// name can never become markup.

const SVG = 'http://www.w3.org/2000/svg';
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'indeterminate', 'open', 'selected']);

export function append(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

function decorate(node, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined) continue;
    if (name === 'on') for (const [type, handler] of Object.entries(value)) node.addEventListener(type, handler);
    else if (PROPERTIES.has(name)) node[name] = value;
    else if (value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  return node;
}

export function h(tag, props, ...children) {
  return append(decorate(document.createElement(tag), props), ...children);
}

export function svg(tag, props, ...children) {
  return append(decorate(document.createElementNS(SVG, tag), props), ...children);
}

// A reader on the keyboard whose place is replaced goes on at the heading, not at the top of the document.
export function fill(node, ...children) {
  const taken = node !== document.activeElement && node.contains(document.activeElement);
  node.replaceChildren();
  append(node, ...children);
  if (taken) (node.closest('dialog') ?? document).querySelector('dialog h2, #main h1')?.focus({ preventScroll: true });
  return node;
}

// Where the place of a reader on the keyboard is gone, the heading takes it.
export function settleFocus() {
  if (document.activeElement && document.activeElement !== document.body) return;
  document.querySelector('dialog[open] h2, #main h1')?.focus({ preventScroll: true });
}

// A control that is at work cannot be pressed, and one that is disabled loses the focus to nobody: what is given back
// by the answer gets it again, or the heading where it is gone.
export function busy(control) {
  const held = document.activeElement === control;
  control.disabled = true;
  return () => {
    control.disabled = false;
    if (!held) return;
    if (document.activeElement === document.body && control.isConnected) control.focus({ preventScroll: true });
    settleFocus();
  };
}

// Untouched text keeps selections and saves layout work while numbers tick.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// Text that came from outside: its own direction, and it may break anywhere.
export function foreign(text, tag = 'bdi', props = {}) {
  return h(tag, { dir: 'auto', ...props, class: `foreign ${props.class ?? ''}`.trim() }, text);
}
