// What the plots show, collected here from status events: the service keeps no time series. Two rings of fixed
// length, counters as they stood at the end of each step; a reload finds them in sessionStorage.
const KEY = 'traitsync.series';
export const SPANS = {
  hour: { step: 10_000, length: 361, word: 'hour' },
  day: { step: 300_000, length: 289, word: 'day' },
};
export const MEASURES = ['read', 'sent', 'saved'];

function counters(status) {
  const { profiles_read, messages_sent, traits_compared, traits_sent } = status.savings;
  return [profiles_read, messages_sent, Math.max(0, traits_compared - traits_sent)];
}

export class Series {
  #rings = { hour: [], day: [] };
  #version = 0;
  #savedAt = 0;

  constructor(storage = sessionStorage) {
    this.storage = storage;
    try {
      const kept = JSON.parse(storage.getItem(KEY) ?? 'null');
      for (const span of Object.keys(SPANS)) {
        const rows = kept?.[span];
        const good = Array.isArray(rows) && rows.every((row) => row?.length === 5 && row.every(Number.isFinite));
        if (good) this.#rings[span] = rows.slice(-SPANS[span].length);
      }
    } catch {
      // Not ours or damaged: the plots begin anew.
    }
  }

  get version() { return this.#version; }

  add(now, status) {
    const started = Date.parse(status.started_at) || 0;
    for (const [span, { step, length }] of Object.entries(SPANS)) {
      const ring = this.#rings[span];
      const slot = Math.floor(now / step);
      const row = [slot, started, ...counters(status)];
      if (ring.at(-1)?.[0] === slot) {
        ring[ring.length - 1] = row;
        continue;
      }
      ring.push(row);
      if (ring.length > length) ring.splice(0, ring.length - length);
      this.#version += 1;
    }
    if (now - this.#savedAt > 10_000) this.save(now);
  }

  save(now = Date.now()) {
    this.#savedAt = now;
    try {
      this.storage.setItem(KEY, JSON.stringify(this.#rings));
    } catch {
      // A full storage costs only the plots after a reload.
    }
  }

  // {times in seconds, values a minute per measure}; null where nobody watched or the service restarted.
  rates(span) {
    const { step } = SPANS[span];
    const ring = this.#rings[span];
    const times = [];
    const values = MEASURES.map(() => []);
    for (let i = 1; i < ring.length; i += 1) {
      const [slot, started, ...now] = ring[i];
      const [before, startedBefore, ...then] = ring[i - 1];
      const whole = slot - before <= 2 && (started === startedBefore || now.every((n, m) => n >= then[m]));
      if (slot - before > 2) {
        times.push(((before + 1) * step) / 1_000);
        values.forEach((list) => list.push(null));
      }
      times.push((slot * step) / 1_000);
      const minutes = ((slot - before) * step) / 60_000;
      values.forEach((list, m) => list.push(whole ? Math.max(0, now[m] - then[m]) / minutes : null));
    }
    return { times, values };
  }
}
