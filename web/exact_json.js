// JSON as the service wrote it. A browser's number keeps 53 bits, a trait may hold more: numbers that would
// change are kept as their own digits.

export class ExactNumber {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

function keepDigits(_key, value, context) {
  if (typeof value !== 'number') return value;
  return String(value) === context.source ? value : new ExactNumber(context.source);
}

// Of a browser that does not tell a number's source (Firefox before 135, Safari before 18.4) the number is put where it
// is kept: into a member that no other object has.
const TELLS_SOURCE = JSON.parse('1', (_key, _value, context) => context?.source) === '1';
const DIGITS = '\u0000digits';
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const aside = (token) => (token.startsWith('"') || String(Number(token)) === token ? token : `{${JSON.stringify(DIGITS)}:"${token}"}`);
const takeBack = (_key, value) => (isObject(value) && typeof value[DIGITS] === 'string' ? new ExactNumber(value[DIGITS]) : value);

export function parseExact(text, tellsSource = TELLS_SOURCE) {
  return tellsSource ? JSON.parse(text, keepDigits) : JSON.parse(text.replace(TEXT_OR_NUMBER, aside), takeBack);
}

export const isNumber = (value) => typeof value === 'number' || value instanceof ExactNumber;
export const isObject = (value) => value !== null && typeof value === 'object' && !(value instanceof ExactNumber);

// Digits without leading or trailing zeros, and the exponent: 1.0, 1 and 10e-1 are one value.
function canonical(text) {
  const [, sign, before, after = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (before === undefined) return text;
  const digits = (before + after).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${sign}${kept}e${Number(power) - after.length + digits.length - kept.length}`;
}

export function sameScalar(a, b) {
  if (isNumber(a) && isNumber(b)) return canonical(String(a)) === canonical(String(b));
  return a === b;
}

export function write(value, indent = '') {
  if (value instanceof ExactNumber) return value.text;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => deeper + write(item, deeper)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value);
  if (members.length === 0) return '{}';
  return `{\n${members.map(([name, item]) => `${deeper}${JSON.stringify(name)}: ${write(item, deeper)}`).join(',\n')}\n${indent}}`;
}

// The bytes of one top-level member as they came, for a body that must be shown exactly.
export function memberText(text, member) {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gy;
  const skipSpace = /\s*/gy;
  let depth = 0;
  let wanted = false;
  let start = -1;
  let previous = '';
  for (let position = 0; position < text.length;) {
    skipSpace.lastIndex = position;
    skipSpace.exec(text);
    token.lastIndex = skipSpace.lastIndex;
    const found = token.exec(text);
    if (!found) return null;
    const [word] = found;
    if (start >= 0 && depth === 1 && (word === ',' || word === '}')) return text.slice(start, found.index).trimEnd();
    if (word === ':' && depth === 1 && start < 0 && previous === JSON.stringify(member)) wanted = true;
    else if (wanted && start < 0) start = found.index;
    if (word === '{' || word === '[') depth += 1;
    if (word === '}' || word === ']') depth -= 1;
    previous = word;
    position = token.lastIndex;
  }
  return null;
}
