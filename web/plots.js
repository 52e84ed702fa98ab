import { MEASURES, SPANS, curves } from './activity.js';
import { get, query } from './api.js';
import { h, setText } from './element.js';
import { NOTHING, amount, minuteTime, rate, short, utc } from './format.js';
import { live } from './live.js';
import { button } from './parts.js';
import { rewrite } from './route.js';

const PLOTS = {
  read: { title: 'Profiles read', unit: 'a minute', means: 'Read from Moesif, a minute' },
  sent: { title: 'Messages sent', unit: 'a minute', means: 'Taken by Segment, a minute' },
  saved: { title: 'Traits saved', unit: 'a minute', means: 'Not sent, a minute' },
  queued: { title: 'Messages in the queue', unit: 'messages', means: 'Waiting or on their way' },
};
// Half a message is none: steps of the axis are whole.
const INCREMENTS = Array.from({ length: 13 }, (_, i) => [1, 2, 5].map((n) => n * 10 ** i)).flat();
const HEIGHT = 132;
const MINUTE = 60_000;
const SETTLING = 2_000; // the service closes a minute within its next second
// A young service does not draw a sliver at the edge: the picture begins with its first point, or here.
const LEAST_SHARE = 6;

// A canvas does not see style sheets: the colours are read from them, and again when light turns dark.
function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return { line: colour('--accent'), area: colour('--accent-soft'), ink: colour('--muted'), grid: colour('--line') };
}

function options(width, onCursor) {
  const { line, area, ink, grid } = palette();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const font = `${Math.round(12 * rem)}px system-ui, sans-serif`;
  return {
    width, height: HEIGHT * rem,
    legend: { show: false },
    padding: [8, 14, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: 'traitsync' } },
    scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: { show: false }, size: 24 * rem, space: 60 * rem, values: (_u, at) => at.map((s) => minuteTime(s * 1_000)) },
      { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, size: 40 * rem, space: 34 * rem, incrs: INCREMENTS, values: (_u, at) => at.map(short) },
    ],
    series: [{}, { stroke: line, fill: area, width: 1.75 * rem, points: { show: false } }],
    hooks: { setCursor: [onCursor] },
  };
}

function curve(measure, index) {
  const { title, unit, means } = PLOTS[measure];
  const headline = h('span', { class: 'number big' });
  const over = h('span', { class: 'unit' });
  const reading = h('p', { class: 'hint plot-reading' }, means);
  const place = h('div', { class: 'plot', role: 'img' });
  const waiting = h('p', { class: 'plot-waiting' }, 'The first points come within half a minute.');
  const node = h('section', { class: 'plot-card' }, h('h3', {}, title), h('p', { class: 'plot-total' }, headline, over), reading, h('div', { class: 'plot-box' }, place, waiting));
  let plot = null;

  function readOut(u) {
    const i = u.cursor.idx;
    const value = i === null || i === undefined ? null : u.data[1][i];
    const known = value !== null && value !== undefined;
    setText(reading, known ? `${rate(value)} ${unit} at ${minuteTime(u.data[0][i] * 1_000)}` : means);
    place.title = known ? utc(u.data[0][i] * 1_000) : '';
  }

  function draw({ times, values, sums }, span, loaded, alone) {
    const { seconds, word } = SPANS[span];
    const to = live.now() / 1_000;
    const from = Math.max(to - seconds, Math.min(times[0] ?? to, to - seconds / LEAST_SHARE));
    const empty = times.length === 0;
    waiting.hidden = !empty || !loaded;
    place.classList.toggle('vacant', empty);
    if (measure !== 'queued') setText(headline, empty ? NOTHING : amount(sums[index]));
    const own = alone && !empty;
    setText(over, measure === 'queued' ? 'now' : own ? 'seen by this page' : `last ${word}`);
    const width = place.clientWidth;
    if (width === 0) return;
    const data = [times, values[index]];
    if (!plot) plot = new globalThis.uPlot(options(width, readOut), data, place);
    else plot.setData(data, false);
    plot.setScale('x', { min: from, max: to });
    const known = values[index].filter((v) => v !== null);
    const most = known.reduce((a, b) => Math.max(a, b), 0);
    place.setAttribute('aria-label', `${title}${measure === 'queued' ? '' : ' a minute'}${own ? ', seen by this page' : ` over the last ${word}`}: `
      + (known.length > 0 ? `${rate(known.at(-1))} now, ${rate(most)} at most` : 'no numbers yet'));
  }

  return { node, draw, place, headline, clear() { plot?.destroy(); plot = null; } };
}

export function plots(asked, signal) {
  let span = Object.hasOwn(SPANS, asked ?? '') ? asked : 'hour';
  let drawn = '';
  let answer = null;
  let loadedFor = ''; // span and minute
  let request = null;
  let alone = false; // without the service's curves
  const all = MEASURES.map(curve);
  const choices = Object.keys(SPANS).map((name) => button(`Last ${SPANS[name].word}`, {
    kind: 'segment', 'aria-pressed': String(name === span),
    onClick: () => {
      if (name === span) return;
      span = name;
      rewrite([], { over: name === 'hour' ? '' : name });
      choices.forEach((c, i) => c.setAttribute('aria-pressed', String(Object.keys(SPANS)[i] === span)));
      answer = null;
      load();
    },
  }));
  const minute = () => `${span} ${Math.floor((live.now() - SETTLING) / MINUTE)}`;

  // Each minute once, and at once when the span changes. What fails is tried with the next minute.
  async function load() {
    request?.abort();
    const mine = new AbortController();
    request = mine;
    loadedFor = minute();
    try {
      answer = await get(query('/v1/activity', { over: span }), { signal: AbortSignal.any([signal, mine.signal]) });
      alone = false;
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      // The curves then hold what this page saw itself; the line at the top tells that the service is not there.
      alone = answer === null;
    }
    draw(true);
  }

  function draw(force = false) {
    const { rows } = live.samples;
    const version = `${loadedFor} ${rows.at(-1)?.at}`;
    if (signal.aborted || (!force && version === drawn)) return;
    drawn = version;
    const shown = curves(answer, rows);
    for (const one of all) one.draw(shown, span, answer !== null, alone);
  }

  const again = () => { all.forEach((one) => one.clear()); draw(true); };
  let width = 0;
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    again();
  });
  sizes.observe(all[0].place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again, { signal });
  signal.addEventListener('abort', () => { sizes.disconnect(); all.forEach((one) => one.clear()); }, { once: true });

  return {
    node: h('section', { class: 'plots', 'aria-labelledby': 'plots-title' },
      h('div', { class: 'section-head' }, h('h2', { id: 'plots-title' }, 'Over time'), h('div', { class: 'segments', role: 'group', 'aria-label': 'Span of time' }, choices)),
      h('div', { class: 'plot-row' }, all.map((one) => one.node))),
    update({ queue }) {
      setText(all[MEASURES.indexOf('queued')].headline, amount(queue.waiting + queue.offered));
      if (loadedFor === '' || (live.connection.state === 'live' && loadedFor !== minute())) load();
      else draw();
    },
  };
}
