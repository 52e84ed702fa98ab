// The description of the API, and what the checks share: walking it, compiling its schemas, counting results.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export const DESCRIPTION = fileURLToPath(new URL('../../api/openapi.json', import.meta.url));
const BASE = 'urn:traitsync:openapi';
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

export const readText = () => readFile(DESCRIPTION, 'utf8');

const escape = (token) => String(token).replaceAll('~', '~0').replaceAll('/', '~1');

// The value at a pointer, and the pointer itself, after following references.
export function follow(document, pointer) {
  let at = document;
  for (const token of pointer.split('/').slice(1)) at = at?.[token.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (at === undefined) throw new Error(`nothing at ${pointer}`);
  if (at?.$ref !== undefined) return follow(document, at.$ref.slice(1));
  return { pointer, value: at };
}

// [{ method, path, pointer, operation }]
export function operations(document) {
  const all = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (METHODS.has(method)) all.push({ method: method.toUpperCase(), path, pointer: `/paths/${escape(path)}/${method}`, operation });
    }
  }
  return all;
}

// Strict: an unknown keyword is an error, and so is a field that an object does not describe. Not strictRequired: a choice
// of `required` alone names fields that stand beside it.
export class Schemas {
  #ajv = new Ajv2020({ strict: true, strictTypes: true, strictRequired: false, allowUnionTypes: true, allErrors: true, validateSchema: true });
  #compiled = new Map();

  constructor(document) {
    addFormats(this.#ajv);
    // What OpenAPI adds to JSON Schema around the schemas; the schemas themselves use none of it.
    for (const word of Object.keys(document)) this.#ajv.addKeyword(word);
    this.#ajv.addSchema({ $id: BASE, ...document }, BASE);
  }

  // What is wrong with `value`; empty when it is valid.
  errors(pointer, value) {
    if (!this.#compiled.has(pointer)) this.#compiled.set(pointer, this.#ajv.compile({ $ref: `${BASE}#${encodeURI(pointer)}` }));
    const validate = this.#compiled.get(pointer);
    if (validate(value)) return [];
    return validate.errors.map((e) => {
      const more = e.params.additionalProperty ?? e.params.allowedValue ?? e.params.allowedValues ?? '';
      return `${e.instancePath || 'the whole'} ${e.message}${more === '' ? '' : `: ${JSON.stringify(more)}`}`;
    });
  }
}

export class Results {
  #passed = 0;
  #failed = 0;

  check(name, problems) {
    if (problems.length === 0) {
      this.#passed += 1;
      return true;
    }
    this.#failed += 1;
    console.log(`FAILED ${name}`);
    for (const problem of problems) console.log(`    ${problem}`);
    return false;
  }

  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed > 0 || this.#passed === 0 ? 1 : 0;
  }
}
