// The token lives as long as the browser tab and nowhere else.
const KEY = 'traitsync.token';
let kept = null;
let viewer = false;

export function token() {
  if (kept === null) kept = sessionStorage.getItem(KEY) ?? '';
  return kept;
}

export function keepToken(text) {
  kept = text;
  viewer = false;
  sessionStorage.setItem(KEY, text);
}

export function forgetToken() {
  kept = '';
  viewer = false;
  // What was collected with a token goes with it: the next reader of this tab may be another person.
  for (const name of Object.keys(sessionStorage)) if (name.startsWith('traitsync.')) sessionStorage.removeItem(name);
}

// A viewer's token reads all and changes nothing; that shows only in the first refused POST.
export const isViewer = () => viewer;
export function noteViewer() { viewer = true; }
