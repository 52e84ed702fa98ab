import { explain, get } from './api.js';
import { fill, h } from './element.js';
import { callout, field } from './parts.js';
import { forgetToken, keepToken, tryToken } from './session.js';

// Nothing of the service is shown before a token was accepted.
export function signIn({ message, done }) {
  const input = h('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: 'false', required: true, autocapitalize: 'none' });
  const problems = h('div', { 'aria-live': 'assertive' });
  const go = h('button', { type: 'submit', class: 'button primary' }, 'Sign in');
  const say = (title, text) => fill(problems, callout('bad', 'stop', title, h('p', {}, text)));

  async function attempt(text) {
    go.disabled = true;
    go.textContent = 'Signing in …';
    tryToken(text);
    try {
      keepToken(text, (await get('/v1/access')).role);
      done();
    } catch (problem) {
      forgetToken();
      if (problem.status === 401) say('This token is wrong', 'Compare it with the file admin.token beside the store, without spaces or line ends.');
      else say(explain(problem).title, explain(problem).detail);
      go.disabled = false;
      go.textContent = 'Sign in';
      input.focus();
      input.select();
    }
  }

  const form = h('form', {
    class: 'sign-in-form',
    on: {
      submit: (event) => {
        event.preventDefault();
        if (input.value.trim() !== '') attempt(input.value.trim());
      },
    },
  }, problems, field('Admin token', input, 'It stands in the file admin.token beside the store, unless the configuration sets another. '
    + 'A viewer token shows everything and changes nothing.'), go);

  if (message) say(message.title, message.text);
  return {
    attempt,
    node: h('main', { class: 'sign-in' }, h('div', { class: 'card' },
      h('img', { src: '/assets/traitsync.svg', alt: '', width: '40', height: '40' }),
      h('h1', {}, 'traitsync'), h('p', { class: 'intro' }, 'What Moesif knows, true in Segment. Sign in to see how it stands.'),
      form, h('p', { class: 'hint' }, 'The token stays in this browser tab and is forgotten when you close it.'))),
    focus: () => input.focus(),
  };
}
