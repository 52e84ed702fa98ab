import { h } from './element.js';
import { icon, setIcon } from './icons.js';

// Each state by colour (tone), sign (icon) and word: none of the three stands alone.
const state = (word, tone, sign) => ({ word, tone, sign });

export const SERVICE_STATES = {
  running: state('Running', 'ok', 'ok'),
  paused: state('Paused', 'warn', 'pause'),
  blocked: state('Blocked', 'bad', 'stop'),
  degraded: state('Needs a look', 'warn', 'warn'),
  stopping: state('Stopping', 'idle', 'pause'),
};

export const END_STATES = {
  idle: state('Idle', 'ok', 'ok'),
  pulling: state('Reading', 'busy', 'busy'),
  delivering: state('Delivering', 'busy', 'busy'),
  retrying: state('Retrying', 'warn', 'retry'),
  paused: state('Paused', 'warn', 'pause'),
  blocked: state('Blocked', 'bad', 'stop'),
};

export const PROFILE_STATES = {
  synced: state('Nothing waits', 'ok', 'ok'),
  waiting: state('Waiting', 'busy', 'wait'),
  offered: state('Being sent', 'busy', 'busy'),
  held: state('Held', 'warn', 'held'),
  dead: state('Dead letter', 'bad', 'stop'),
  gone: state('Gone', 'idle', 'gone'),
};

export const MESSAGE_STATES = {
  waiting: PROFILE_STATES.waiting,
  offered: PROFILE_STATES.offered,
  acknowledged: state('Acknowledged', 'ok', 'ok'),
  dead: PROFILE_STATES.dead,
  held: PROFILE_STATES.held,
  retried: state('Retried', 'idle', 'retry'),
  discarded: state('Discarded', 'idle', 'never'),
  superseded: state('Superseded', 'idle', 'gone'),
};

export const TRAIT_STATES = {
  unchanged: state('In Segment', 'ok', 'ok'),
  nothing: state('Nothing to send', 'idle', 'ok'), // unchanged, and neither side has it
  waiting: state('Will be sent', 'busy', 'wait'),
  offered: state('Being sent', 'busy', 'busy'),
  retrying: state('Is tried again', 'warn', 'retry'),
  riding: state('Rides along', 'idle', 'ride'),
  excluded: state('Is not sent', 'idle', 'never'),
  held: state('Held', 'warn', 'held'),
  too_large: state('Too large', 'bad', 'stop'),
  dead: PROFILE_STATES.dead,
  discarded: state('Discarded', 'idle', 'never'),
  gone: state('Profile is gone', 'idle', 'gone'),
};

export const RUN_STATES = {
  queued: state('Next', 'idle', 'wait'),
  running: state('Running', 'busy', 'busy'),
  done: state('Done', 'ok', 'ok'),
  failed: state('Failed', 'bad', 'stop'),
};

export const REPLAY_STATES = {
  running: RUN_STATES.running,
  done: RUN_STATES.done,
  cancelled: state('Cancelled', 'idle', 'never'),
  failed: RUN_STATES.failed,
};

export const RUN_KINDS = { full: 'Full', incremental: 'Incremental', rediff: 'Comparison' };

export const DEAD_REASONS = {
  refused: {
    title: 'Refused by Segment',
    means: 'Segment answered that it does not take this message, with every other message of its batch already taken out. '
      + 'Read the answer, put the value right in Moesif, and it is sent by itself; retry where Segment was wrong.',
  },
  too_large: {
    title: 'Too large for Segment',
    means: 'What cannot be split any further is over Segment’s limit of 32,000 bytes; what fits goes without it. The answer says '
      + 'what it is: make it smaller in Moesif, or leave it out with the policy "never". A retry helps only after that.',
  },
  gave_up: {
    title: 'Given up after too long a time',
    means: 'Segment gave no usable answer for as long as segment.give_up_after allows. Retry when Segment answers again.',
  },
};

export const TRAITS = ['id', 'createdAt', 'modifiedTime', 'firstSeenTime', 'lastSeenTime', 'name', 'email', 'username',
  'company', 'campaign', 'clearbit', 'last24HourAggResults', 'metadata', 'userAgent'];

const unknown = (name) => state(name ?? 'Unknown', 'idle', 'info');

export function badge(states, name) {
  const node = h('span', { class: 'badge' }, icon('info'), h('span', {}));
  setBadge(node, states, name);
  return node;
}

export function setBadge(node, states, name) {
  const { word, tone, sign } = states[name] ?? unknown(name);
  if (node.dataset.tone === tone && node.lastChild.textContent === word) return;
  node.dataset.tone = tone;
  setIcon(node.firstChild, sign);
  node.lastChild.textContent = word;
}
