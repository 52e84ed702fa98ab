// Checks the description by itself: an outside validator, an outside linter with the rules of ruleset.json, and the
// project's own rules. Usage: node lint.mjs
import { readFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { DESCRIPTION, Results, operations, readText } from './description.mjs';

const text = await readText();
const document = JSON.parse(text);
const results = new Results();

const validator = new Validator();
const verdict = await validator.validate(structuredClone(document));
results.check('the description follows the OpenAPI schema', verdict.valid ? [] : [].concat(verdict.errors).map((e) => (typeof e === 'string' ? e : JSON.stringify(e))));
results.check('the version of OpenAPI is 3.1', validator.version === '3.1' ? [] : [`it is ${validator.version}`]);

// Each rule is one check; what is excused with a reason does not count, and an excuse without a case is stale.
const { excused, ...rules } = JSON.parse(await readFile(new URL('ruleset.json', import.meta.url), 'utf8'));
const config = await createConfig(rules);
const problems = await lintFromString({ source: text, absoluteRef: DESCRIPTION, config });
const used = new Set();
const byRule = new Map();
for (const rule of Object.keys(config.rules.oas3_1)) if (config.rules.oas3_1[rule] !== 'off') byRule.set(rule, []);
for (const problem of problems) {
  const pointer = problem.location[0]?.pointer ?? '';
  const excuse = excused.find((e) => e.rule === problem.ruleId && e.pointer === pointer);
  if (excuse) {
    used.add(excuse);
    continue;
  }
  if (!byRule.has(problem.ruleId)) byRule.set(problem.ruleId, []);
  byRule.get(problem.ruleId).push(`${pointer} ${problem.severity}: ${problem.message}`);
}
for (const [rule, found] of byRule) results.check(`rule ${rule}`, found);
results.check('every excuse is still needed', excused.filter((e) => !used.has(e)).map((e) => `${e.rule} ${e.pointer}`));

results.check('the file is indented by two spaces and ends with a line break',
  text === `${JSON.stringify(document, null, 2)}\n` ? [] : ['it differs from JSON.stringify(document, null, 2)']);
results.check('no host but example.com and its names is named',
  [...text.matchAll(/https?:\/\/([^/"\s\\]+)/g)].map((m) => m[1]).filter((host) => !/(^|\.)example\.(com|net|org)$/.test(host) && host !== 'www.w3.org'));

const bare = [];
const open = [];
(function walk(value, at) {
  if (value === null || typeof value !== 'object') return;
  if (/\/(schemas\/[^/]+|properties\/[^/]+)$/.test(at) && !Array.isArray(value)) {
    if (value.$ref === undefined && value.description === undefined) bare.push(at);
    if (value.type === 'object' && value.additionalProperties === undefined) open.push(at);
  }
  for (const [key, inner] of Object.entries(value)) if (key !== 'examples' && key !== 'example') walk(inner, `${at}/${key}`);
})(document.components.schemas, '/schemas');
results.check('every schema and field has a description', bare);
results.check('every object says whether other fields are allowed', open);

const OPEN = new Set(['/healthz', '/readyz', '/openapi.json', '/', '/assets/{name}']);
results.check('exactly the public paths need no token',
  operations(document).filter((o) => OPEN.has(o.path) !== (o.operation.security.length === 0)).map((o) => `${o.method} ${o.path}`));
results.check('every POST takes an Idempotency-Key', operations(document)
  .filter((o) => o.method === 'POST' && !o.operation.parameters?.some((p) => p.$ref === '#/components/parameters/IdempotencyKey')).map((o) => o.path));

results.finish();
