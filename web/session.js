// The token lives as long as the browser tab and nowhere else, and with it what it may do.
const KEY = 'traitsync.token';
const ROLE = 'traitsync.role';
let kept = null;

export function token() {
  if (kept === null) kept = sessionStorage.getItem(KEY) ?? '';
  return kept;
}

// Tried, and for this page alone until its role is known.
export function tryToken(text) {
  kept = text;
}

export function keepToken(text, role) {
  kept = text;
  sessionStorage.setItem(KEY, text);
  sessionStorage.setItem(ROLE, role);
}

export function forgetToken() {
  kept = '';
  // What was collected with a token goes with it: the next reader of this tab may be another person.
  for (const name of Object.keys(sessionStorage)) if (name.startsWith('traitsync.')) sessionStorage.removeItem(name);
}

// A viewer's token reads all and changes nothing.
export const isViewer = () => sessionStorage.getItem(ROLE) === 'viewer';
