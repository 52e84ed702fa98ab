import { Problem } from './api.js';
import { token } from './session.js';

// Server-sent events over fetch: EventSource cannot send the token.
const SILENCE = 40_000; // the service beats every 15 s; two missed beats mean that the line is dead
const LONGEST_FRAME = 1 << 20;
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

export function frameReader(onFrame) {
  let buffer = '';
  return (chunk) => {
    buffer += chunk.replaceAll('\r', '');
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      let event = 'message';
      const data = [];
      for (const line of buffer.slice(0, end).split('\n')) {
        if (line.startsWith('event:')) event = line.slice(6).trim();
        if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      }
      buffer = buffer.slice(end + 2);
      if (data.length > 0) onFrame(event, data.join('\n'));
    }
    if (buffer.length > LONGEST_FRAME) throw new Error('an event without an end');
  };
}

async function readOnce({ signal, onOpen, onStatus }) {
  const line = new AbortController();
  const end = () => line.abort();
  signal.addEventListener('abort', end, { once: true });
  let watchdog = setTimeout(end, SILENCE);
  try {
    const response = await fetch('/v1/events', {
      headers: { Authorization: `Bearer ${token()}`, Accept: 'text/event-stream' },
      cache: 'no-store', credentials: 'omit', signal: line.signal,
    });
    if (!response.ok) throw new Problem(response.status, null, Number(response.headers.get('retry-after')) || null);
    onOpen();
    const take = frameReader((event, data) => { if (event === 'status') onStatus(JSON.parse(data)); });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(end, SILENCE);
      take(value);
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', end);
    line.abort();
  }
}

// Reads until the signal ends. onLost gets the time of the next try; the returned function tries at once.
export function openStream({ signal, onOpen, onStatus, onLost, onRefused }) {
  let wake = () => {};
  const wait = (delay) => new Promise((resolve) => {
    const timer = setTimeout(resolve, delay);
    wake = () => { clearTimeout(timer); resolve(); };
  });
  addEventListener('online', () => wake(), { signal });
  signal.addEventListener('abort', () => wake(), { once: true });

  (async () => {
    let tries = 0;
    while (!signal.aborted) {
      let problem = null;
      try {
        await readOnce({ signal, onStatus: (s) => { tries = 0; onStatus(s); }, onOpen });
      } catch (error) {
        problem = error;
      }
      if (signal.aborted) return;
      if (problem?.status === 401) return onRefused();
      const backOff = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** tries) * (0.75 + Math.random() / 2);
      const delay = problem?.retryAfter ? problem.retryAfter * 1_000 : backOff;
      tries += 1;
      onLost({ retryAt: Date.now() + delay, status: problem?.status ?? 0 });
      await wait(delay);
    }
  })();
  return () => wake();
}
