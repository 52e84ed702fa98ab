import { isObject, sameScalar } from './exact_json.js';

// Two nested values side by side, leaf by leaf, in one order. A document may have thousands of leaves: it stops at
// MOST and says so.
const MOST = 2_000;
export const ABSENT = Symbol('absent');

const isLeaf = (value) => !isObject(value) || Object.keys(value).length === 0;
const has = (value, name) => isObject(value) && Object.hasOwn(value, name);

function sameLeaf(a, b) {
  if (isObject(a) && isObject(b)) return Array.isArray(a) === Array.isArray(b);
  return sameScalar(a, b);
}

export function pairLeaves(moesif, segment) {
  const rows = [];
  let cut = false;
  (function walk(a, b, path) {
    if (rows.length >= MOST) {
      cut = true;
      return;
    }
    if ((a === ABSENT || isLeaf(a)) && (b === ABSENT || isLeaf(b))) {
      rows.push({ path, moesif: a, segment: b, differs: !sameLeaf(a, b) });
      return;
    }
    // A value opposite to a branch stands alone in a row of its own, before the branch.
    if ((a !== ABSENT && isLeaf(a)) || (b !== ABSENT && isLeaf(b))) {
      rows.push({ path, moesif: isLeaf(a) ? a : ABSENT, segment: isLeaf(b) ? b : ABSENT, differs: true });
    }
    const names = new Set([...(isLeaf(a) ? [] : Object.keys(a)), ...(isLeaf(b) ? [] : Object.keys(b))]);
    for (const name of names) walk(has(a, name) ? a[name] : ABSENT, has(b, name) ? b[name] : ABSENT, [...path, name]);
  })(moesif, segment, []);
  return { rows, cut };
}

export const isNested = (value) => value !== ABSENT && !isLeaf(value);
