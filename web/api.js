import { parseExact } from './exact_json.js';
import { isViewer, token } from './session.js';

export class Problem extends Error {
  constructor(status, body, retryAfter = null) {
    super(body?.detail || body?.title || `HTTP ${status}`);
    this.status = status;
    this.code = String(body?.type ?? '').replace('urn:traitsync:problem:', '');
    this.body = body ?? {};
    this.retryAfter = retryAfter;
  }
}

let refused = () => {};
export function onRefusedToken(handler) { refused = handler; }

// crypto.randomUUID exists only in secure contexts; the page may be served over plain HTTP on a trusted network.
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function answer(path, options) {
  let response;
  let text;
  try {
    response = await fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error', ...options });
    text = await response.text();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, { title: 'traitsync does not answer' });
  }
  let body = null;
  try {
    body = text === '' ? null : parseExact(text);
  } catch {
    if (response.ok) throw new Problem(response.status, { title: 'The answer is not JSON; is a proxy between?' });
  }
  if (response.ok) return { body, text, response };
  const after = Number(response.headers.get('retry-after'));
  throw new Problem(response.status, body, after > 0 ? after : null);
}

const bearer = () => ({ Authorization: `Bearer ${token()}` });

export async function getText(path, { signal } = {}) {
  try {
    return await answer(path, { headers: { ...bearer(), Accept: 'application/json' }, signal });
  } catch (error) {
    if (error.status === 401) refused(error);
    throw error;
  }
}

export const get = async (path, options) => (await getText(path, options)).body;

// The same key again makes a second try after a lost answer harmless.
export async function post(path, body, { signal, key = newKey() } = {}) {
  try {
    const headers = { ...bearer(), Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': key };
    return (await answer(path, { method: 'POST', headers, body: JSON.stringify(body ?? {}), signal })).body;
  } catch (error) {
    if (error.status === 401) refused(error);
    throw error;
  }
}

export function query(path, parameters) {
  const kept = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return kept.length > 0 ? `${path}?${new URLSearchParams(kept)}` : path;
}

export const READ_ONLY = 'You are signed in with the viewer token. To change something, sign out and sign in with the admin token.';

// An error as words with a way out.
export function explain(problem) {
  const fields = (problem.body?.errors ?? []).map((e) => `${e.pointer}: ${e.detail}`).join('; ');
  const detail = [problem.message, fields].filter(Boolean).join(' ');
  switch (problem.status) {
    case 0: return { title: 'traitsync does not answer', detail: 'Is the service running and is the network there? Try again.' };
    case 401: return { title: 'The token is not accepted', detail: 'Sign in again with the present admin token.' };
    case 403: return isViewer() ? { title: 'This token may look, but not change anything', detail: READ_ONLY } : { title: 'Not allowed', detail };
    case 404: return { title: 'Not found', detail };
    case 409: return { title: 'Not possible right now', detail };
    case 422: return { title: 'This is not accepted as it stands', detail };
    case 429: return { title: 'Too many requests at once', detail: `${detail ? `${detail}. ` : ''}Try again in ${problem.retryAfter ?? 'a few'} s.` };
    case 503: return { title: 'Not available at the moment', detail: `${detail} Try again shortly.` };
    default: return { title: 'That did not work', detail: detail || `HTTP ${problem.status}` };
  }
}
