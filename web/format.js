// One language for the whole page: numbers and times follow the page's English, times the reader's zone.
const LOCALE = 'en-GB';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat(LOCALE, { notation: 'compact', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortClock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const dayClock = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const yearClock = new Intl.DateTimeFormat(LOCALE,
  { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

export const NOTHING = '–';

export function count(n) {
  return Number.isFinite(n) ? whole.format(n) : NOTHING;
}

// The service writes its sentences with bare digits.
export function grouped(text) {
  return String(text ?? '').replace(/(?<![\w.:#/-])\d{4,15}(?![\w:/-])/g, (digits) => whole.format(Number(digits)));
}

export function counted(n, one, many = `${one}s`) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

// A million is M: m is a minute.
const large = (format, n) => (Number.isFinite(n) ? format.format(n).replace('m', 'M') : NOTHING);

export const short = (n) => large(compact, n);

// Whole as long as there is room for it.
export function amount(n) {
  return n < 1_000_000 ? count(n) : large(hundredth, n);
}

export function rate(n) {
  if (!Number.isFinite(n)) return NOTHING;
  return n >= 10 || n === 0 ? whole.format(n) : tenth.format(n);
}

export function percent(part, of) {
  if (!(of > 0)) return NOTHING;
  const value = (100 * part) / of;
  if (value > 99.9 && value < 100) return 'over\u00a099.9\u00a0%';
  return `${tenth.format(value)}\u00a0%`;
}

// What is sent again is counted as sent, but was not compared: there is never less than nothing saved.
export const saved = ({ traits_compared: all, traits_sent: sent }) => percent(Math.max(0, all - sent), all);

export function bytes(n) {
  if (!Number.isFinite(n)) return NOTHING;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = n;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? tenth.format(value) : whole.format(value)}\u00a0${units[unit]}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return NOTHING;
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}\u00a0s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours}\u00a0h\u00a0${minutes % 60}\u00a0min` : `${hours}\u00a0h`;
  const days = Math.floor(hours / 24);
  return hours % 24 && days < 10 ? `${days}\u00a0d\u00a0${hours % 24}\u00a0h` : `${count(days)}\u00a0d`;
}

const at = (time) => (typeof time === 'number' ? new Date(time) : new Date(time ?? NaN));

export function clockTime(time) {
  const date = at(time);
  return Number.isNaN(date.getTime()) ? NOTHING : clock.format(date);
}

export function minuteTime(time) {
  return shortClock.format(at(time));
}

// Seconds matter today, the day matters before, the year matters when it is another one.
export function moment(time, now = new Date()) {
  const date = at(time);
  if (Number.isNaN(date.getTime())) return NOTHING;
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayClock : yearClock).format(date);
}

export function utc(time) {
  const date = at(time);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}
