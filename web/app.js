import { onRefusedToken } from './api.js';
import { closeDialog } from './dialog.js';
import { fill } from './element.js';
import { live } from './live.js';
import { currentRoute, takeToken } from './route.js';
import { forgetToken, token } from './session.js';
import { shell } from './shell.js';
import { signIn } from './sign_in.js';
import { viewFor } from './views.js';

const root = document.getElementById('app');
let frame = null; // the signed-in page, or null
let leave = null; // ends the present view's listeners, streams and requests

function signOut(message = null) {
  leave?.abort();
  frame?.end.abort();
  closeDialog();
  live.stop();
  forgetToken();
  frame = null;
  showSignIn(message);
}

function showSignIn(message, tryToken = null) {
  document.title = 'Sign in · traitsync';
  const form = signIn({ message, done: enter });
  fill(root, form.node);
  if (tryToken) form.attempt(tryToken);
  else form.focus();
}

function enter() {
  const end = new AbortController();
  live.start(() => refusedToken());
  frame = { ...shell({ signal: end.signal, signOut: () => signOut() }), end };
  fill(root, frame.node);
  show(false);
}

function refusedToken() {
  if (!frame) return; // the sign-in form tells it itself
  signOut({ title: 'The token is no longer accepted', text: 'Sign in again with the present one.' });
}

function show(moveFocus = true) {
  leave?.abort();
  leave = new AbortController();
  closeDialog();
  const route = currentRoute();
  const view = viewFor(route);
  frame.select(view.section, view.title);
  fill(frame.main, view.make(route, leave.signal));
  if (!moveFocus) return;
  scrollTo(0, 0);
  // A screen reader goes on at the new page's heading, as after a page load.
  frame.main.querySelector('h1')?.focus({ preventScroll: true });
}

onRefusedToken(refusedToken);
// A key that is held down repeats itself: it would answer what the first stroke asked.
addEventListener('keydown', (event) => {
  if (event.repeat && event.key === 'Enter' && !(event.target instanceof HTMLTextAreaElement)) event.preventDefault();
}, { capture: true });
addEventListener('hashchange', () => {
  const given = takeToken();
  if (given) {
    signOut();
    showSignIn(null, given);
  } else if (frame) show();
});

const given = takeToken();
if (given) showSignIn(null, given);
else if (token()) enter();
else showSignIn(null);
