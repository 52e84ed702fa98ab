import { explain, get } from './api.js';
import { fill, h } from './element.js';
import { callout, field } from './parts.js';
import { forgetToken, keepToken, tryToken } from './session.js';

// What no token holds and no request can carry: a blank, a curly quote, a character without a width that was copied along.
function oddCharacter(text) {
  const odd = /[^\x21-\x7e]/u.exec(text);
  if (!odd) return null;
  const number = odd[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `Character ${[...text.slice(0, odd.index)].length + 1} is U+${number}, which no token holds.`;
}

// Nothing of the service is shown before a token was accepted.
export function signIn({ message, done }) {
  const input = h('input', { type: 'password', name: 'token', autocomplete: 'off', spellcheck: 'false', required: true, autocapitalize: 'none' });
  const problems = h('div', { 'aria-live': 'assertive' });
  const go = h('button', { type: 'submit', class: 'button primary' }, 'Sign in');
  const say = (title, text) => fill(problems, callout('bad', 'stop', title, h('p', {}, text)));

  function refuse(title, text) {
    say(title, text);
    input.focus();
    input.select();
  }
  function wrong(why = '') {
    forgetToken();
    refuse('This token is wrong', `${why}Compare it with the file admin.token beside the store, without spaces or line ends.`);
  }

  async function attempt(text) {
    input.value = text; // one that came by a link is no longer in the address
    const odd = oddCharacter(text);
    if (odd) {
      wrong(`${odd} `);
      return;
    }
    go.disabled = true;
    go.textContent = 'Signing in …';
    tryToken(text);
    try {
      keepToken(text, (await get('/v1/access')).role);
      done();
    } catch (problem) {
      go.disabled = false;
      go.textContent = 'Sign in';
      if (problem.status === 401) wrong();
      else refuse(explain(problem).title, explain(problem).detail);
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
