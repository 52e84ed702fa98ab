// The state of the page stands behind the #: #/profiles?q=ada&state=dead, #/profiles/<encoded id>.

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parseRoute(hash) {
  const [, path, , query = ''] = /^#?\/?([^?]*)(\?(.*))?$/s.exec(hash) ?? [null, '', null, ''];
  return {
    path: path.split('/').filter((part) => part !== '').map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function link(path, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const tail = kept.length > 0 ? `?${new URLSearchParams(kept)}` : '';
  return `#/${path.map(encodeURIComponent).join('/')}${tail}`;
}

export const currentRoute = () => parseRoute(location.hash);

export function go(target) {
  location.hash = target;
}

// For what is typed into a filter: the address follows, the back button does not fill with letters.
export function rewrite(path, query) {
  history.replaceState(history.state, '', link(path, query));
}

// To another page of a list: the back button leads to the one before. `before`: the cursors of those.
export function turn(path, query, before) {
  history.pushState({ before }, '', link(path, query));
}
export const pagesBefore = () => [...(history.state?.before ?? [])];

// Takes #token=… out of the address, wherever in the fragment it stands, and leaves the rest.
export function takeToken() {
  const found = /(^#?\/?|[?&#])token=([^&#]*)/.exec(location.hash);
  if (!found) return null;
  const before = location.hash.slice(0, found.index);
  const after = location.hash.slice(found.index + found[0].length);
  let rest = before + (found[1] === '?' && after.startsWith('&') ? `?${after.slice(1)}` : after);
  if (/^[&#]+\/?/.test(rest)) rest = `#/${rest.replace(/^[&#]+\/?/, '')}`;
  history.replaceState(null, '', location.pathname + location.search + (rest.length > 1 ? rest : ''));
  return decoded(found[2]);
}
