import { clockTime, count, counted, duration, moment } from './format.js';

// The whole state as one sentence. The order is that of what an operator has to know first.

function unsent({ waiting, offered }) {
  const n = waiting + offered;
  if (n === 0) return 'nothing waits';
  return `${counted(n, 'message')} ${n === 1 ? 'waits' : 'wait'}, nothing is lost`;
}

const reason = (status, code) => status.reasons.find((r) => r.code === code);

function lasting(since, now) {
  const seconds = since ? (now - Date.parse(since)) / 1_000 : NaN;
  return Number.isFinite(seconds) ? ` for ${duration(seconds)}` : '';
}

// What waits while delivery has nothing to do and nobody is read waits for profiles that are gone from Moesif: it is kept
// for when they come back.
const STANDS_AFTER_S = 60;
export function isParked({ queue, moesif, segment }) {
  return queue.waiting > 0 && queue.offered === 0 && moesif.gone > 0 && !moesif.run && segment.state === 'idle'
    && queue.oldest_seconds > STANDS_AFTER_S;
}

const clean = (text) => String(text ?? '').replace(/[.\s]+$/, '');

export function sentence(status, now) {
  const { queue, moesif, segment } = status;
  const has = (code) => reason(status, code);
  // What changed there before is known: not the end of a pass, which may have been one over the store alone.
  const asOf = moesif.cursor_time ? clockOrDay(moesif.cursor_time, now) : null;
  const parked = isParked(status);
  const moving = parked ? 0 : queue.waiting + queue.offered;
  const kept = moving + queue.held + queue.dead > 0 ? 'is kept' : 'is kept and delivered';
  const say = (tone, sign, text) => ({ tone, sign, text });

  if (status.state === 'stopping') return say('idle', 'pause', `traitsync is stopping; ${unsent(queue)}.`);
  if (has('destination_changed')) {
    return say('bad', 'stop', `Segment’s write key or region is another one; delivery waits for your decision, ${unsent(queue)}.`);
  }
  if (has('store_fault')) return say('bad', 'stop', `The store cannot be written: ${clean(has('store_fault').detail)}; nothing is lost.`);
  if (has('segment_blocked')) {
    return say('bad', 'stop', `Segment has turned delivery away${lasting(has('segment_blocked').since, now)}; ${unsent(queue)}.`);
  }
  if (has('moesif_blocked')) {
    const rest = asOf ? `; what was read until ${asOf} ${kept}` : '';
    return say('bad', 'stop', `Moesif has refused to be read${lasting(has('moesif_blocked').since, now)}${rest}.`);
  }
  if (has('low_disk')) return say('warn', 'warn', `The disk is almost full: reading waits until there is room; ${unsent(queue)}.`);
  const noPull = Boolean(has('pull_paused'));
  const noDelivery = Boolean(has('deliver_paused'));
  if (noPull && noDelivery) return say('warn', 'pause', `Reading and delivery are paused; ${unsent(queue)}.`);
  if (noDelivery) return say('warn', 'pause', `Delivery is paused; ${unsent(queue)}.`);
  if (noPull) return say('warn', 'pause', `Reading is paused${asOf ? `; what is known is from ${asOf}` : ''}.`);
  if (has('segment_retrying')) {
    const { since } = has('segment_retrying');
    // One message may fail for hours while all others are taken.
    const what = Date.parse(segment.last_acknowledged_at) > Date.parse(since) ? 'not taken some messages' : 'taken nothing';
    return say('warn', 'retry', `Segment has ${what}${lasting(since, now)}; ${unsent(queue)}.`);
  }
  if (has('moesif_retrying')) {
    const rest = asOf ? `; what was read until ${asOf} ${kept}` : '; it is tried again';
    return say('warn', 'retry', `Moesif could not be read${lasting(has('moesif_retrying').since, now)}${rest}.`);
  }
  if (has('pass_failed')) {
    const known = asOf
      ? `what changed there until ${asOf} ${kept}, newer changes may be missing`
      : 'nothing was read to its end yet; it is tried again with each pass';
    return say('bad', 'retry', `Reading Moesif has failed${lasting(has('pass_failed').since, now)}: ${known}.`);
  }
  if (queue.held > 0) {
    return say('warn', 'held', `${counted(queue.held, 'message')} ${queue.held === 1 ? 'is' : 'are'} held: one pass would change `
      + 'unusually much. They wait for your decision, nothing is lost.');
  }
  if (queue.dead > 0) {
    const rest = moving > 0 ? `${count(moving)} more are on their way`
      : asOf ? `everything else as of ${asOf} was delivered or discarded` : 'the first pass has not ended yet';
    return say('warn', 'warn', `${counted(queue.dead, 'message')} could not be delivered; ${rest}.`);
  }
  if (!asOf) {
    if (moesif.run) return say('busy', 'busy', `The first pass reads everything in Moesif: ${counted(moesif.run.read, 'profile')} so far.`);
    return say('busy', 'wait', 'Nothing was read from Moesif yet; the first pass is about to start.');
  }
  if (moving > 0) return say('busy', 'busy', `${counted(moving, 'message')} ${moving === 1 ? 'is' : 'are'} on the way to Segment.`);
  const aside = (moesif.quarantined > 0 ? `, but for ${counted(moesif.quarantined, 'document')} in quarantine` : '')
    + (parked ? `; ${counted(queue.waiting, 'message')} of profiles that are gone from Moesif ${queue.waiting === 1 ? 'is' : 'are'} kept for their return` : '');
  if (segment.acknowledged_total === 0 && moesif.users > 0) {
    return say('ok', 'ok', `Nothing waits: what Moesif had as of ${asOf} is taken as known to Segment, or was discarded by an operator${aside}.`);
  }
  return say('ok', 'ok', `Everything in Moesif as of ${asOf} was delivered to Segment, or discarded by an operator${aside}.`);
}

function clockOrDay(iso, now) {
  return now - Date.parse(iso) < 12 * 3_600_000 ? clockTime(iso) : moment(iso);
}

// Where each trouble is repaired.
export const REPAIRS = {
  held: { path: ['held'], label: 'Look at what is held' },
  dead_letters: { path: ['dead-letters'], label: 'Open dead letters' },
  segment_blocked: { path: ['configuration'], query: { q: 'segment' }, label: 'See Segment’s settings' },
  moesif_blocked: { path: ['configuration'], query: { q: 'moesif' }, label: 'See Moesif’s settings' },
  pass_failed: { path: ['configuration'], query: { q: 'moesif' }, label: 'See Moesif’s settings' },
  low_disk: { path: ['configuration'], query: { q: 'store' }, label: 'See the store’s settings' },
  store_fault: { path: ['configuration'], query: { q: 'store' }, label: 'See the store’s settings' },
};

// What the page knows better than the service's sentence: how many there are at this moment.
export const REASON_TEXTS = {
  dead_letters: ({ queue }) => `${counted(queue.dead, 'message')} could not be delivered: look at the reasons, then retry or discard.`,
};

export const REASON_TITLES = {
  destination_changed: 'Another write key or region',
  moesif_blocked: 'Moesif is blocked',
  segment_blocked: 'Segment is blocked',
  pull_paused: 'Reading is paused',
  deliver_paused: 'Delivery is paused',
  pass_failed: 'Reading fails',
  moesif_retrying: 'Moesif is tried again',
  segment_retrying: 'Segment is tried again',
  held: 'The brake holds messages',
  dead_letters: 'Dead letters',
  store_fault: 'The store has a fault',
  low_disk: 'Little disk is left',
  stopping: 'Stopping',
};
