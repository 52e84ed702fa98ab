import { getText } from './api.js';
import { append, fill, foreign, h } from './element.js';
import { counted, grouped } from './format.js';
import { exactBody, jsonText } from './json_text.js';
import { callout, disclosure, empty, failure, loading } from './parts.js';
import { time } from './time.js';
import { DEAD_REASONS, MESSAGE_STATES, badge } from './words.js';

export const noBody = (message) => h('p', { class: 'hint' }, message.first_offered_at ? 'Its body is not kept any more.' : 'It was never offered and has no body.');

// The body is read when somebody asks for it: twenty of them may be megabytes.
export function bodyOnDemand(messageId, signal) {
  return disclosure('Show the body', () => {
    const place = h('div', {}, loading());
    async function load() {
      try {
        const { body, text } = await getText(`/v1/messages/${encodeURIComponent(messageId)}`, { signal });
        fill(place,
          body.answer ? callout('bad', 'stop', DEAD_REASONS[body.reason]?.title ?? 'Segment’s answer', h('p', { class: 'foreign', dir: 'auto' }, body.reason === 'too_large' ? grouped(body.answer) : body.answer)) : null,
          body.body === null ? noBody(body)
            : jsonText(body.reason === 'too_large' ? 'Body that was too large' : body.frozen ? 'Body as it is sent, frozen' : 'Body as it would be sent now', body.body, exactBody(text)));
      } catch (problem) {
        if (problem.name !== 'AbortError') fill(place, failure(problem, load));
      }
    }
    load();
    return place;
  });
}

function entry(message, signal, marked) {
  const { control, body } = bodyOnDemand(message.message_id, signal);
  const node = h('li', { class: marked ? 'message marked' : 'message' },
    h('div', { class: 'message-line' },
      badge(MESSAGE_STATES, message.state),
      h('span', { class: 'message-traits' }, message.traits.length > 0 ? message.traits.join(', ') : 'no traits'),
      time(message.acknowledged_at ?? message.first_offered_at ?? message.created_at)),
    h('p', { class: 'hint' }, h('code', { class: 'foreign' }, message.message_id), ` · ${counted(message.attempts, 'attempt')}`,
      message.next_attempt_at ? [' · next ', time(message.next_attempt_at)] : null),
    message.last_error ? h('p', { class: 'error-line' }, foreign(message.last_error)) : null,
    control, body);
  if (marked) control.click();
  return node;
}

export function messageHistory(messages, signal, wanted) {
  if (messages.length === 0 && !wanted) return empty('letter', 'No message yet', 'Nothing was ever sent for this user; the traits above say why.');
  const node = h('ol', { class: 'messages' });
  if (wanted && !messages.some((m) => m.message_id === wanted)) {
    // A link may lead to a message older than the newest twenty.
    const place = h('li', { class: 'message marked' }, loading());
    append(node, place);
    getText(`/v1/messages/${encodeURIComponent(wanted)}`, { signal }).then(({ body }) => place.replaceWith(entry(body, signal, true)))
      .catch((problem) => { if (problem.name !== 'AbortError') fill(place, failure(problem)); });
  }
  append(node, messages.map((m) => entry(m, signal, m.message_id === wanted)));
  return node;
}
