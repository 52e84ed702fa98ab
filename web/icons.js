import { svg } from './element.js';

const PATHS = {
  ok: 'M20 6.5 9.5 17 4 11.5',
  busy: 'M4 12h15m-6-6 6 6-6 6',
  wait: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4V12l3 2',
  retry: 'M20 11a8 8 0 1 0-2.2 6.6M20 4v7h-7',
  pause: 'M8.5 5v14M15.5 5v14',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
  warn: 'M12 3.5 2.5 20h19L12 3.5Zm0 6.5v4.5m0 2.6v.4',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8l5-5Zm1 6 6 6m0-6-6 6',
  held: 'M6 11V7a6 6 0 0 1 12 0v4M4.5 11h15v9.5h-15V11Zm7.5 3.5v2.5',
  gone: 'M5 12h14M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z',
  never: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM6 6l12 12',
  ride: 'M5 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0Zm10 0a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM5 17H3V7h11v10H9m5-7h4l3 3.5V17h-2',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 7.5v5m0-8.4V8',
  eye: 'M2.5 12c4-8 15-8 19 0-4 8-15 8-19 0Zm9.5-2.8a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600Z',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L21 21',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  out: 'M14 4H5v16h9m-3-8h10m-4-4 4 4-4 4',
  send: 'M3.5 11.5 20.5 4l-5 16-4-6.5-8-2Zm8 2L20.5 4',
  overview: 'M4 13h5l2-7 3 12 2-5h4',
  people: 'M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5a3.3 3.3 0 0 1 0 6.3M18 14.5c2 .8 3.2 2.700 3.500 5.500',
  letter: 'M3.500 5.500h17v13h-17v-13Zm0 1 8.500 6.500 8.500-6.500',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4V8Zm0 0 8 4 8-4M12 12v8',
  list: 'M8 6.500h12M8 12h12M8 17.500h12M4 6.500h.1M4 12h.1M4 17.500h.1',
  gear: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.500 4.500v5M8.500 14.500v5',
  store: 'M4 6.500c0-4 16-4 16 0v11c0 4-16 4-16 0v-11Zm0 0c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
};

// Decoration only: a word always stands beside an icon.
export function icon(name) {
  return svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] ?? PATHS.info }));
}

export function setIcon(node, name) {
  if (node.dataset.icon === name) return;
  node.dataset.icon = name;
  node.querySelector('path').setAttribute('d', PATHS[name] ?? PATHS.info);
}
