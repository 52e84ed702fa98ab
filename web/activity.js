// What the plots show: the finished minutes that the service keeps, and behind them what this page saw since then, in
// steps of ten seconds. A step that is not over yet is not shown.

const STEP = 10_000;
const MOST_SAMPLES = 16;
// Two steps of one curve may lie so far apart, in milliseconds, before there is a gap between them.
const GAP = 90_000;

export const SPANS = {
  hour: { seconds: 3_600, word: 'hour' },
  day: { seconds: 86_400, word: 'day' },
};
const RATES = {
  read: (counts) => counts.profiles_read,
  sent: (counts) => counts.messages_sent,
  saved: (counts) => Math.max(0, counts.traits_compared - counts.traits_sent),
};
export const MEASURES = [...Object.keys(RATES), 'queued'];

// The counters as this page heard them lately.
export class Samples {
  #rows = [];

  get rows() { return this.#rows; }

  // True when there is another step.
  add(at, { savings, queue }) {
    const last = this.#rows.at(-1);
    // Another store, or a clock that was put back: there is nothing to compare with.
    if (last && (at < last.at || savings.profiles_read < last.savings.profiles_read)) this.#rows = [];
    else if (last && at - last.at < STEP) return false;
    this.#rows.push({ at, savings: { ...savings }, queued: queue.waiting + queue.offered });
    if (this.#rows.length > MOST_SAMPLES) this.#rows.shift();
    return true;
  }
}

function ofService({ steps }) {
  return steps.map((step) => {
    const from = Date.parse(step.start);
    const counts = Object.entries(RATES).map(([, count]) => count(step));
    return { from, to: from + step.seconds * 1_000, counts, queued: step.queued };
  });
}

function ofPage(rows, after) {
  return rows.slice(1).flatMap((row, i) => {
    const before = rows[i];
    // The part that the service told already is not told twice.
    if (before.at < after) return [];
    return [{ from: before.at, to: row.at, counts: Object.values(RATES).map((count) => count(row.savings) - count(before.savings)), queued: row.queued }];
  });
}

// {times in seconds, values: a list a measure (a minute, or messages), sums: a number a rate}; null where nothing ran.
export function curves(answer, samples) {
  const known = answer ? ofService(answer) : [];
  const steps = [...known, ...ofPage(samples, known.at(-1)?.to ?? 0)];
  const times = [];
  const values = MEASURES.map(() => []);
  const sums = Object.keys(RATES).map(() => 0);
  const put = (at, list) => {
    times.push(at / 1_000);
    values.forEach((all, i) => all.push(list === null ? null : list[i]));
  };
  let end = -Infinity;
  for (const { from, to, counts, queued } of steps) {
    const list = [...counts.map((n) => (Math.max(0, n) * 60_000) / (to - from)), queued];
    if (from - end > GAP) {
      if (times.length > 0) put(end + 1, null);
      put(from, list);
    }
    put(to, list);
    counts.forEach((n, i) => { sums[i] += n; });
    end = to;
  }
  return { times, values, sums };
}
