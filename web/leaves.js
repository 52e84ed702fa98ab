import { isObject, sameScalar } from './exact_json.js';

// Two nested values side by side, leaf by leaf, in one order. A document may have thousands of leaves: all are compared
// and counted, and so many equal and so many differing ones are told.
const MOST = 2_000;
export const ABSENT = Symbol('absent');

const isLeaf = (value) => !isObject(value) || Object.keys(value).length === 0;
const has = (value, name) => isObject(value) && Object.hasOwn(value, name);

function sameLeaf(a, b) {
  if (isObject(a) && isObject(b)) return Array.isArray(a) === Array.isArray(b);
  return sameScalar(a, b);
}

// {rows, total, differing}: numbers of leaves, of which the rows may be a part.
export function pairLeaves(moesif, segment) {
  const rows = [];
  let total = 0;
  let differing = 0;
  function put(path, a, b, differs) {
    total += 1;
    if (differs) differing += 1;
    if ((differs ? differing : total - differing) <= MOST) rows.push({ path, moesif: a, segment: b, differs });
  }
  (function walk(a, b, path, unlike) {
    if ((a === ABSENT || isLeaf(a)) && (b === ABSENT || isLeaf(b))) {
      put(path, a, b, unlike || !sameLeaf(a, b));
      return;
    }
    // A value opposite to a branch stands alone in a row of its own, before the branch.
    if ((a !== ABSENT && isLeaf(a)) || (b !== ABSENT && isLeaf(b))) put(path, isLeaf(a) ? a : ABSENT, isLeaf(b) ? b : ABSENT, true);
    // A list is no object, whatever stands in both.
    const other = unlike || (isObject(a) && isObject(b) && Array.isArray(a) !== Array.isArray(b));
    const names = new Set([...(isLeaf(a) ? [] : Object.keys(a)), ...(isLeaf(b) ? [] : Object.keys(b))]);
    for (const name of names) walk(has(a, name) ? a[name] : ABSENT, has(b, name) ? b[name] : ABSENT, [...path, name], other);
  })(moesif, segment, [], false);
  return { rows, total, differing };
}

export const isNested = (value) => value !== ABSENT && !isLeaf(value);
