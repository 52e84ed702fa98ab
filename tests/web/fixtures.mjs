// What the doubled service knows: ordinary users, and names that would break a careless page.
export const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

export const HOSTILE = '<img src=x onerror=alert(1)>';
export const ARABIC = 'مرحبا بالعالم، هذا اسم طويل';
export const LONG = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(6).slice(0, 200);
export const EMOJI = '👩🏽‍🚀 Ada 🚀🚀';
export const SLASHED = 'team/42?a=b#c%20d';
// 500 characters, with all that an address or an attribute could stumble over.
export const ODD = `"quoted" 'single' <b>/%2F%zz?#&=+ 👩🏽‍🚀 مرحبا \\ ${'x'.repeat(500)}`.slice(0, 500);
const BIG = '12345678901234567890';

const NAMES = [
  ['u-ada', 'Ada Lovelace', 'ada@analytical.example', 'acme'], ['u-hostile', HOSTILE, '"><script>alert(2)</script>@x.example', 'acme'],
  ['u-arabic', ARABIC, 'arabic@example.com', 'rtl-co'], ['u-long', LONG, `${LONG.slice(0, 60)}@example.com`, 'acme'],
  ['u-emoji', EMOJI, null, null], [SLASHED, null, null, 'acme'], [ODD, null, `${'e'.repeat(200)}@example.com`, ODD],
  ...Array.from({ length: 120 }, (_, i) => [`user-${String(i).padStart(4, '0')}`, `Person ${i}`, `person${i}@example.com`, i % 3 ? 'acme' : 'globex']),
];
const STATES = ['waiting', 'dead', 'synced', 'synced', 'held', 'gone', 'dead'];

export const profiles = NAMES.map(([user_id, name, email, company_id], i) => ({
  user_id, name, email, company_id, state: STATES[i] ?? 'synced', modified_time: ago(60 * (i + 1)), acknowledged_at: i === 4 ? null : ago(30 * (i + 2)),
}));

export const message = (id, user_id, state, more = {}) => ({
  message_id: `0193a1b2-0000-7000-8000-${String(id).padStart(12, '0')}`, user_id, state, traits: ['name', 'metadata'], attempts: 1, next_attempt_at: null, last_error: null,
  created_at: ago(500 + id), first_offered_at: ago(490 + id), acknowledged_at: state === 'acknowledged' ? ago(480 + id) : null, ...more,
});

export const body = (user_id, traits) => ({ type: 'identify', messageId: 'm', userId: user_id, timestamp: ago(500), context: { active: false, library: { name: 'traitsync' } }, traits });
// As the service writes it: a number of more digits than a browser's number keeps, and a rate with two digits.
export const written = (body) => JSON.stringify(body).replaceAll('"@big"', BIG)
  .replaceAll(/(?<="acknowledged_per_second":)[\d.]+/g, (rate) => Number(rate).toFixed(2));
export const bigNumber = BIG;

const item = (trait, state, moesif_value, segment_value, reason, more = {}) => ({ trait, state, policy: 'send', moesif_value, segment_value, reason, message_id: null, at: ago(300), ...more });

export function profile(row) {
  const mine = { id: row.user_id, name: row.name, email: row.email, createdAt: '2024-02-01T10:00:00.000Z', lastSeenTime: ago(10),
    company: { id: row.company_id, name: HOSTILE, address: { city: ARABIC, lines: ['1 High Street', LONG] }, plan: 'scale' },
    metadata: { plan: 'pro', seats: 25, exact: '@big', flags: { beta: true, old: null }, note: EMOJI, tags: ['a', 'b'] } };
  const theirs = { ...mine, name: 'Ada Byron', lastSeenTime: ago(90_000), metadata: { plan: 'free', seats: 25, exact: '@big', flags: { beta: false }, note: EMOJI, tags: ['a'] } };
  delete theirs.email;
  const waits = message(1, row.user_id, 'waiting', { attempts: 0, first_offered_at: null });
  const dead = message(3, row.user_id, 'dead', { last_error: '400: "invalid traits.name"', attempts: 2 });
  return {
    ...row, read_at: ago(65), gone_at: row.state === 'gone' ? ago(9_000) : null, source: { user_id: row.user_id, metadata: mine.metadata, modified_time: ago(60) },
    context: { active: false, ip: '192.0.2.7', timezone: 'Europe/London' }, traits: mine, acknowledged: theirs,
    pending: { message_id: waits.message_id, state: 'waiting', traits: { name: mine.name, metadata: mine.metadata } },
    diff: [
      item('name', 'waiting', mine.name, theirs.name, 'It changed in Moesif at 2026-01-02T10:02:03.004Z and waits in the queue for its turn.', { message_id: waits.message_id }),
      item('metadata', 'waiting', mine.metadata, theirs.metadata, 'Three members differ; a nested object is sent whole.', { message_id: waits.message_id }),
      item('email', 'dead', mine.email, null, 'Segment refused it: 400 "invalid email". It is sent again when the value changes or somebody retries it.', { message_id: dead.message_id, policy: 'always' }),
      item('lastSeenTime', 'riding', mine.lastSeenTime, theirs.lastSeenTime, 'It goes along with the next other change, or by itself after 24 h.', { policy: 'ride' }),
      item('company', 'unchanged', mine.company, theirs.company, 'Segment has this value.'), item('id', 'unchanged', mine.id, mine.id, 'Segment has this value.'),
      item('createdAt', 'unchanged', mine.createdAt, mine.createdAt, 'Segment has this value.'), item('userAgent', 'excluded', null, null, 'The policy "never" keeps it from being sent and stored.', { policy: 'never', at: null }),
      ...['modifiedTime', 'firstSeenTime', 'username', 'campaign', 'clearbit', 'last24HourAggResults'].map((t) => item(t, 'unchanged', null, null, 'Moesif has no value and none was sent.', { at: null })),
    ],
    messages: [waits, message(2, row.user_id, 'acknowledged'), dead, message(4, row.user_id, 'superseded')],
    quarantined: row.user_id === 'u-arabic' ? { reason: 'too_deep', detail: 'nested deeper than 64 levels', last_seen: ago(50) } : null,
  };
}

export const deadLetters = () => [
  ...Array.from({ length: 14 }, (_, i) => ({ ...message(100 + i, NAMES[i][0], 'dead'), reason: 'refused', answer: i === 1 ? HOSTILE : '400 {"success":false,"message":"invalid traits.email"}', settled_at: ago(700 + i), body: body(NAMES[i][0], { name: NAMES[i][1], exact: '@big' }) })),
  { ...message(150, 'u-long', 'dead', { traits: ['metadata'] }), reason: 'too_large', answer: 'metadata is 41,233 bytes', settled_at: ago(800), body: body('u-long', { metadata: { text: LONG } }) },
];

export const quarantine = () => [
  { kind: 'user', document_id: '65f0aa', reason: 'too_deep', detail: 'nested deeper than 64 levels', raw: `{"a":${'{"b":'.repeat(8)}1${'}'.repeat(8)}, "name":"${HOSTILE}"}`, first_seen: ago(90_000), last_seen: ago(60), run_id: 41 },
  { kind: 'user', document_id: null, reason: 'missing_id', detail: 'none of user_id, identified_user_id and _id holds a usable id', raw: '{"name":"nobody"', first_seen: ago(80_000), last_seen: ago(60), run_id: 41 },
  { kind: 'company', document_id: 'acme-2', reason: 'too_deep', detail: 'nested deeper than 64 levels', raw: '[]', first_seen: ago(70_000), last_seen: ago(60), run_id: 41 },
];

export const runs = () => [
  { id: 43, kind: 'incremental', state: 'running', started: ago(4), ended: null, pages: 2, read: 950, changed: 12, queued: 12, quarantined: 0, gone: 0, error: null },
  { id: 42, kind: 'incremental', state: 'failed', started: ago(70), ended: ago(65), pages: 1, read: 500, changed: 0, queued: 0, quarantined: 0, gone: 0, error: `Moesif answered 502 ${HOSTILE}` },
  { id: 41, kind: 'full', state: 'done', started: ago(8_000), ended: ago(7_200), pages: 240, read: 119_873, changed: 3_412, queued: 3_412, quarantined: 3, gone: 7, error: null },
  ...Array.from({ length: 60 }, (_, i) => ({ id: 40 - i, kind: i === 5 ? 'rediff' : 'incremental', state: 'done', started: ago(9_000 + 60 * i), ended: ago(8_998 + 60 * i), pages: 1, read: 37 + i, changed: i, queued: i, quarantined: 0, gone: 0, error: null })),
];

export const brake = () => ({
  state: 'closed', held: 3_412, run: runs()[2], traits: [{ trait: 'metadata', count: 3_412, nulls: 0 }, { trait: 'email', count: 2_980, nulls: 2_980 }, { trait: 'company', count: 12, nulls: 0 }],
  samples: NAMES.slice(0, 20).map(([user_id, name, email], i) => ({ user_id, message_id: message(i, user_id, 'held').message_id, traits: [
    { trait: 'email', segment_value: email ?? 'x@example.com', moesif_value: null }, { trait: 'metadata', segment_value: { plan: 'free', name, n: '@big' }, moesif_value: { plan: 'pro', name, n: '@big' } }] })),
});

export const config = () => ({ file: '/etc/traitsync/traitsync.toml', items: [
  ['moesif.url', 'https://api.moesif.com/v1', 'default'], ['moesif.token', '***', '/etc/traitsync/traitsync.toml:4'], ['moesif.interval', '60s', 'default'],
  ['segment.region', 'eu', 'environment'], ['segment.write_key', '***', '/etc/traitsync/traitsync.toml:9'], ['segment.batch_size', '500', 'default'],
  ['store.path', `/var/lib/${LONG}/traitsync.db`, '/etc/traitsync/traitsync.toml:12'], ['store.min_free', '256MiB', 'default'], ['admin.public_url', '', 'default'],
  ['traits.policy', '"metadata.ssn" = "never", email = "always"', '/etc/traitsync/traitsync.toml:16'],
].map(([key, value, origin]) => ({ key, value, origin })) });

export function status() {
  return {
    version: '1.4.0', state: 'running', reasons: [], started_at: ago(266_400), uptime_seconds: 266_400,
    moesif: { state: 'idle', last_pass_at: ago(20), last_pass_kind: 'incremental', last_error: null, next_pass_at: ago(-40), cursor_time: ago(80), lag_seconds: 21, requests_left_this_minute: 231,
      users: 119_866, companies: 4_211, gone: 7, quarantined: 0, run: null, paused: false },
    queue: { waiting: 0, offered: 0, held: 0, dead: 0, oldest_seconds: null, bytes: 0, replay: 0 },
    segment: { state: 'idle', acknowledged_total: 482_113, acknowledged_per_second: 0, retries_total: 37, last_error: null, last_acknowledged_at: ago(31), retry_at: null, paused: false },
    savings: { profiles_read: 9_412_733, messages_sent: 482_113, traits_compared: 131_778_262, traits_sent: 1_203_944 },
    store: { path: '/var/lib/traitsync/traitsync.db', bytes: 241_172_480, free_bytes: 48_318_382_080, schema_version: 7, history_bytes: 90_177_536 }, memory_bytes: 61_341_696,
  };
}

const because = (code, detail, seconds = 240) => ({ code, detail, since: ago(seconds) });

// Each scenario changes the healthy status; the API's lists follow its numbers.
export const SCENARIOS = {
  healthy: () => {},
  busy: (s) => { s.moesif.state = 'pulling'; s.moesif.run = runs()[0]; Object.assign(s.queue, { waiting: 1_180, offered: 24, oldest_seconds: 3, bytes: 900_000 }); Object.assign(s.segment, { state: 'delivering', acknowledged_per_second: 412.4 }); },
  retrying: (s) => { s.state = 'degraded'; s.reasons = [because('segment_retrying', 'Segment answered 503; the next try is in 32 s.')]; Object.assign(s.queue, { waiting: 1_180, offered: 24, oldest_seconds: 247 }); Object.assign(s.segment, { state: 'retrying', last_error: '503', retry_at: ago(-32), last_acknowledged_at: ago(260) }); },
  blocked: (s) => { s.state = 'blocked'; s.reasons = [because('destination_changed', 'The write key in the configuration is not the one that the store knows.')]; s.queue.waiting = 1_204; s.queue.oldest_seconds = 4_000; s.segment.state = 'blocked'; },
  paused: (s) => { s.state = 'paused'; s.reasons = [because('deliver_paused', 'Delivery was paused by an operator.')]; s.segment.state = 'paused'; s.segment.paused = true; s.queue.waiting = 12; s.queue.oldest_seconds = 60; },
  held: (s) => { s.state = 'degraded'; s.reasons = [because('held', 'The full pass #41 would change 3,412 users.')]; s.queue.held = 3_412; },
  dead: (s) => { s.state = 'degraded'; s.reasons = [because('dead_letters', '15 messages could not be delivered.')]; s.queue.dead = 15; s.moesif.quarantined = 3; },
  empty: (s) => { Object.assign(s.moesif, { last_pass_at: null, last_pass_kind: null, users: 0, companies: 0, gone: 0, cursor_time: null }); Object.assign(s.segment, { acknowledged_total: 0, last_acknowledged_at: null }); s.savings = { profiles_read: 0, messages_sent: 0, traits_compared: 0, traits_sent: 0 }; },
};

// Finished minutes up to the present one, as the service keeps them: a pass a minute, messages in waves.
export function activity(over, now, from = 0) {
  const step = over === 'hour' ? 60 : 300;
  const end = Math.floor(now / 60_000) * 60_000;
  const steps = [];
  for (let at = Math.floor((end - (over === 'hour' ? 3_600_000 : 86_400_000)) / (step * 1_000)) * step * 1_000; at < end; at += step * 1_000) {
    const minutes = Math.min(step / 60, (end - at) / 60_000);
    const n = Math.floor(at / (step * 1_000));
    const read = minutes * (1_900 + 300 * Math.sin(n / 5) + (n % 7) * 20);
    const sent = minutes * Math.max(0, 60 * Math.sin(n / 9) + (n % 5) * 4);
    if (at >= from) {
      steps.push({ start: new Date(at).toISOString(), seconds: minutes * 60, profiles_read: Math.round(read), messages_sent: Math.round(sent),
        traits_compared: Math.round(read * 14), traits_sent: Math.round(sent * 2), queued: Math.round(sent / 3) });
    }
  }
  return { over, step_seconds: step, steps };
}
