import { post } from './api.js';
import { confirm } from './dialog.js';
import { h } from './element.js';
import { count } from './format.js';
import { live } from './live.js';
import { actButton, callout, notice } from './parts.js';

// Another write key is another Segment source, unless somebody says that it is not.
function ask(action) {
  const users = count(live.status?.moesif.users);
  const resend = action === 'resend';
  confirm({
    title: resend ? `Send all ${users} users to the new source?` : 'Keep what was acknowledged?',
    text: resend
      ? [`All that the former source acknowledged is forgotten. Each of the ${users} users is sent once in full, and Segment bills each message.`]
      : ['Only later changes are sent. If the key belongs to another source after all, that source misses what it was never sent.'],
    action: resend ? 'Send everything' : 'Keep and go on',
    danger: resend, careful: true,
    run: (options) => post('/v1/destination', { action }, options),
    done: () => notice(resend ? 'Everything is going to be sent to the new source.'
      : live.status?.segment.paused ? 'What was acknowledged is kept. Delivery is paused.' : 'Delivery goes on where it was.'),
  });
}

export function destinationChoice() {
  const option = (title, text, label, action, kind) => h('div', { class: 'option' }, h('h2', {}, title), h('p', {}, text), actButton(label, { kind, onClick: () => ask(action) }));
  return callout('bad', 'stop', 'Segment’s write key or region has changed: which of the two is it?',
    h('div', { class: 'options' },
      option('Another source', 'It knows none of these users yet: everything must be sent once.', 'Send everything …', 'resend', 'plain'),
      option('The same source, with a new key', 'It knows all that was acknowledged: only changes must be sent.', 'Keep and go on …', 'keep', 'primary')));
}
