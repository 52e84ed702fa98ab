import { Samples } from './activity.js';
import { getText } from './api.js';
import { openStream } from './event_stream.js';

const TOO_MANY = 429;
// A browser opens six connections to a service and shares them among its pages: one that nobody looks at gives its stream
// back. Who only changes to another page for a moment finds this one as it was.
const REST_AFTER = 10_000;

// What the page knows of the service right now, and who wants to hear of it.
class Live {
  #listeners = new Set();
  #watchers = new Set();
  #stop = null;
  #skew = 0;
  #sample = null;
  status = null;
  receivedAt = 0;
  connection = { state: 'connecting', retryAt: 0, reason: 0 };
  retryNow = () => {};
  samples = new Samples();
  readRate = NaN; // a second; unknown at first

  // The service answers, also where it has no stream left for this page.
  get answers() {
    return this.connection.state === 'live' || (this.connection.state === 'lost' && this.connection.reason === TOO_MANY);
  }

  start(onRefused) {
    this.stop();
    const end = new AbortController();
    this.samples = new Samples();
    this.receivedAt = 0;
    let line = this.#open(onRefused);
    let rest = 0;
    const look = () => {
      clearTimeout(rest);
      if (!document.hidden) line ??= this.#open(onRefused);
      else if (line) rest = setTimeout(() => { line = this.#rest(line); }, REST_AFTER);
    };
    document.addEventListener('visibilitychange', look, { signal: end.signal });
    look();
    this.#stop = () => { clearTimeout(rest); end.abort(); line?.abort(); };
  }

  #open(onRefused) {
    const line = new AbortController();
    const { signal } = line;
    this.connection = { state: 'connecting', retryAt: 0, reason: 0 };
    this.retryNow = openStream({
      signal,
      onRefused,
      onOpen: () => {},
      onStatus: (status) => this.#take(status),
      onLost: ({ retryAt, status }) => {
        this.connection = { state: 'lost', retryAt, reason: status };
        this.#tell();
        if (status === TOO_MANY) this.#glance(signal);
      },
    });
    const ticker = setInterval(() => {
      // The service is silent while nothing changes; connected, the last numbers still hold.
      if (this.connection.state === 'live') this.#collect();
      this.#tell();
    }, 1_000);
    signal.addEventListener('abort', () => clearInterval(ticker), { once: true });
    this.#tell();
    return line;
  }

  // Nothing is asked for and nobody is told until somebody looks again.
  #rest(line) {
    line.abort();
    this.connection = { state: 'resting', retryAt: 0, reason: 0 };
    this.#tell();
    return null;
  }

  stop() {
    this.#stop?.();
    this.#stop = null;
    this.status = null;
    this.#sample = null;
    this.readRate = NaN;
  }

  // Calls at once with what is known, then with every change and every second until the signal ends.
  follow(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    if (this.status) listener(this.status, this);
  }

  // The same for the connection itself, also while nothing is known yet.
  watch(listener, signal) {
    this.#watchers.add(listener);
    signal.addEventListener('abort', () => this.#watchers.delete(listener), { once: true });
    listener(this);
  }

  // The service's clock, so that a reader's wrong clock does not make ages wrong.
  now() { return Date.now() + this.#skew; }

  elapsed() { return this.connection.state === 'live' ? (Date.now() - this.receivedAt) / 1_000 : 0; }

  // All of the service's streams are taken by other pages: each try shows at least how it stands now.
  async #glance(signal) {
    try {
      // Read as the events are: its numbers are there to be reckoned with.
      this.#know(JSON.parse((await getText('/v1/status', { signal })).text));
    } catch {
      return; // the next try looks again
    }
    this.#tell();
  }

  #take(status) {
    this.#know(status);
    this.connection = { state: 'live', retryAt: 0, reason: 0 };
    this.#collect();
    this.#tell();
  }

  #know(status) {
    this.status = status;
    this.receivedAt = Date.now();
    const theirs = Date.parse(status.started_at) + status.uptime_seconds * 1_000;
    // uptime counts whole seconds: a smaller difference to what is known is only rounding, and must not move the time.
    if (Math.abs(theirs - this.now()) >= 2_000) this.#skew = theirs - Date.now();
  }

  #collect() {
    const now = Date.now();
    const read = this.status.savings.profiles_read;
    if (!this.#sample || now - this.#sample.at >= 3_000 || read < this.#sample.read) {
      const seconds = this.#sample ? (now - this.#sample.at) / 1_000 : 0;
      this.readRate = seconds > 0 && seconds < 30 ? Math.max(0, read - this.#sample.read) / seconds : NaN;
      this.#sample = { at: now, read };
    }
    this.samples.add(this.now(), this.status);
  }

  #tell() {
    for (const listener of this.#watchers) listener(this);
    if (this.status) for (const listener of this.#listeners) listener(this.status, this);
  }
}

export const live = new Live();
