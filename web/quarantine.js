import { pullButtons } from './controls.js';
import { fill, foreign, h, setText } from './element.js';
import { count, counted } from './format.js';
import { rawText } from './json_text.js';
import { live } from './live.js';
import { pagedList } from './paged_list.js';
import { button, card, disclosure, empty, linkButton, pageHead } from './parts.js';
import { turn } from './route.js';
import { time } from './time.js';

const TITLES = {
  duplicate_user_id: 'Several documents with one user id',
  missing_id: 'No usable id',
  source_not_object: 'Not an object',
  too_deep: 'Nested too deep',
  too_large: 'Over 4 MB',
};

function document(item) {
  const raw = disclosure('Show the document', () => rawText('Document as it came', item.raw ?? ''), { kind: 'quiet small' });
  const id = h('span', { class: 'strong' }, item.document_id ? foreign(item.document_id) : 'without an id');
  return h('li', { class: 'letter' },
    h('div', { class: 'letter-text' },
      h('p', {}, id, h('span', { class: 'hint' }, ` · ${item.kind} · first seen `, time(item.first_seen), ', last ', time(item.last_seen), ` in pass #${item.run_id}`)),
      item.detail ? h('p', { class: 'answer' }, foreign(item.detail)) : null),
    h('div', { class: 'actions' }, raw.control), raw.body);
}

function grouped(items) {
  const groups = Map.groupBy ? Map.groupBy(items, (item) => item.reason)
    : items.reduce((all, item) => all.set(item.reason, [...(all.get(item.reason) ?? []), item]), new Map());
  return [...groups].map(([reason, list]) => h('section', { class: 'card' },
    h('h2', {}, TITLES[reason] ?? reason.replaceAll('_', ' ')), h('p', { class: 'hint' }, `${counted(list.length, 'document')} on this page, reason "${reason}"`),
    h('ul', { class: 'letters' }, list.map(document))));
}

export function quarantineView({ query: asked }, signal) {
  const total = h('p', { class: 'hint', role: 'status' });
  const changed = h('p', { class: 'hint', role: 'status' });
  let known = null;
  live.follow(({ moesif: { quarantined } }) => {
    setText(total, quarantined > 0 ? `${count(quarantined)} in quarantine altogether.` : '');
    known ??= quarantined;
    if (quarantined === known) fill(changed);
    else if (!changed.hasChildNodes()) fill(changed, 'There are other documents now. ', button('Show them', { kind: 'quiet small', onClick: show }));
  }, signal);
  const list = pagedList({
    path: '/v1/quarantine', parameters: {}, signal, cursor: asked.cursor ?? '',
    onCursor: (cursor, before) => turn(['quarantine'], { cursor }, before),
    show: (items) => h('div', { class: 'stack' }, grouped(items)),
    whenEmpty: () => card(null, empty('ok', 'The quarantine is empty', 'Every document that Moesif gave could be used.', linkButton('To the overview', '#/'))),
  });
  function show() {
    known = live.status.moesif.quarantined;
    fill(changed);
    list.reload();
  }
  return h('div', { class: 'stack' },
    pageHead('Quarantine', 'Documents from Moesif that cannot be used as they are. Put them right in Moesif: the next pass takes them, and they leave this list by themselves.', pullButtons()),
    total, changed, list.node);
}
