import { h, setText } from './element.js';
import { count, minuteTime, rate, short } from './format.js';
import { live } from './live.js';
import { button } from './parts.js';
import { MEASURES, SPANS } from './series.js';

const TITLES = { read: 'Profiles read', sent: 'Messages sent', saved: 'Traits saved' };
const MEANS = {
  read: 'Curve: read from Moesif, a minute',
  sent: 'Curve: taken by Segment, a minute',
  saved: 'Curve: unchanged and not sent, a minute',
};
const HEIGHT = 132;

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
    width, height: HEIGHT,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: 'traitsync' } },
    scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: { show: false }, size: 24, space: 55 * rem, values: (_u, at) => at.map((s) => minuteTime(s * 1_000)) },
      { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, size: 48 * rem, space: 34, values: (_u, at) => at.map(short) },
    ],
    series: [{}, { stroke: line, fill: area, width: 1.75, points: { show: false } }],
    hooks: { setCursor: [onCursor] },
  };
}

function curve(measure, index, span) {
  const total = h('span', { class: 'number big' });
  const reading = h('p', { class: 'hint plot-reading' }, MEANS[measure]);
  const place = h('div', { class: 'plot', role: 'img' });
  const waiting = h('p', { class: 'plot-waiting' }, 'The first points come within half a minute; the page collects them while it is open.');
  const node = h('section', { class: 'card plot-card' }, h('h3', {}, TITLES[measure]), h('p', { class: 'plot-total' }, total, h('span', { class: 'unit' }, 'in total')), reading, h('div', { class: 'plot-box' }, place, waiting));
  let plot = null;

  function readOut(u) {
    const i = u.cursor.idx;
    const value = i === null || i === undefined ? null : u.data[1][i];
    setText(reading, value === null || value === undefined ? MEANS[measure] : `${rate(value)} a minute at ${minuteTime(u.data[0][i] * 1_000)}`);
  }

  function draw({ times, values }) {
    const { step, length, word } = SPANS[span()];
    const to = Date.now() / 1_000;
    const from = to - (step * (length - 1)) / 1_000;
    waiting.hidden = times.length > 1;
    const data = [times, values[index]];
    const width = place.clientWidth;
    if (width === 0) return;
    if (!plot) plot = new globalThis.uPlot(options(width, readOut), data, place);
    else plot.setData(data, false);
    plot.setScale('x', { min: from, max: to });
    const known = values[index].filter((v) => v !== null);
    const most = known.reduce((a, b) => Math.max(a, b), 0);
    place.setAttribute('aria-label', `${TITLES[measure]} a minute over the last ${word}: `
      + (known.length > 0 ? `${rate(known.at(-1))} now, ${rate(most)} at most` : 'no numbers yet'));
  }

  return {
    node, draw, place,
    headline: (text) => setText(total, text),
    clear() { plot?.destroy(); plot = null; },
    resize() { if (plot && place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: HEIGHT }); },
  };
}

export function plots(signal) {
  let span = 'hour';
  let drawn = '';
  const curves = MEASURES.map((measure, i) => curve(measure, i, () => span));
  const choices = Object.keys(SPANS).map((name) => button(`Last ${SPANS[name].word}`, {
    kind: 'segment', 'aria-pressed': String(name === span), onClick: () => { span = name; mark(); draw(true); },
  }));
  const mark = () => choices.forEach((c, i) => c.setAttribute('aria-pressed', String(Object.keys(SPANS)[i] === span)));

  function draw(force = false) {
    if (!live.series) return;
    const version = `${span} ${live.series.version}`;
    if (!force && version === drawn) return;
    drawn = version;
    const rates = live.series.rates(span);
    for (const one of curves) one.draw(rates);
  }

  const sizes = new ResizeObserver(() => { draw(true); curves.forEach((one) => one.resize()); });
  curves.forEach((one) => sizes.observe(one.place));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { curves.forEach((one) => one.clear()); draw(true); }, { signal });
  signal.addEventListener('abort', () => { sizes.disconnect(); curves.forEach((one) => one.clear()); }, { once: true });

  return {
    node: h('section', { class: 'plots', 'aria-labelledby': 'plots-title' },
      h('div', { class: 'section-head' }, h('h2', { id: 'plots-title' }, 'Over time'), h('div', { class: 'segments', role: 'group', 'aria-label': 'Span of time' }, choices)),
      h('div', { class: 'plot-row' }, curves.map((one) => one.node))),
    update() {
      const { savings } = live.status;
      const totals = [savings.profiles_read, savings.messages_sent, Math.max(0, savings.traits_compared - savings.traits_sent)];
      curves.forEach((one, i) => one.headline(count(totals[i])));
      draw();
    },
  };
}
