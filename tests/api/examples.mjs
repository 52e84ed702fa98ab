// Every example of the description is valid by its own schema, and every answer and body has one. Usage: node examples.mjs
import { Results, Schemas, follow, operations, readText } from './description.mjs';

const document = JSON.parse(await readText());
const schemas = new Schemas(document);
const results = new Results();
const seen = new Set();

// `holder` has a schema and example or examples: a media type, parameter or header.
function check(pointer, holder, needed) {
  if (seen.has(pointer)) return;
  seen.add(pointer);
  const examples = { ...(holder.example === undefined ? {} : { example: holder.example }) };
  for (const [name, example] of Object.entries(holder.examples ?? {})) examples[`examples/${name}`] = example.value;
  if (needed) results.check(`${pointer} has an example`, Object.keys(examples).length > 0 ? [] : ['it has none']);
  for (const [name, value] of Object.entries(examples)) results.check(`${pointer}/${name}`, schemas.errors(`${pointer}/schema`, value));
}

function checkContent(pointer, content) {
  for (const [type, media] of Object.entries(content ?? {})) check(`${pointer}/content/${type.replaceAll('/', '~1')}`, media, true);
}

function checkAll(pointer, holders, each) {
  for (const name of Object.keys(holders ?? {})) {
    const found = follow(document, `${pointer}/${name.replaceAll('/', '~1')}`);
    each(found.pointer, found.value);
  }
}

function checkResponse(pointer, response) {
  checkAll(`${pointer}/headers`, response.headers, (at, header) => check(at, header, true));
  checkContent(pointer, response.content);
}

for (const { pointer, operation } of operations(document)) {
  checkAll(`${pointer}/parameters`, operation.parameters, (at, parameter) => check(at, parameter, false));
  if (operation.requestBody) checkContent(`${pointer}/requestBody`, operation.requestBody.content);
  checkAll(`${pointer}/responses`, operation.responses, checkResponse);
}
checkAll('/components/responses', document.components.responses, checkResponse);

// Events carry the status as text.
const events = document.paths['/v1/events'].get.responses['200'].content['text/event-stream'].examples;
for (const [name, { value }] of Object.entries(events)) {
  const data = value.split('\n').filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
  results.check(`events example ${name}`, data.length === 0 ? ['it has no data'] : data.flatMap((d) => schemas.errors('/components/schemas/Status', d)));
}

// Examples inside schemas.
for (const [name, schema] of Object.entries(document.components.schemas)) {
  const walk = (value, pointer) => {
    if (value === null || typeof value !== 'object') return;
    if (Array.isArray(value.examples)) {
      value.examples.forEach((example, at) => results.check(`${pointer}/examples/${at}`, schemas.errors(pointer, example)));
    }
    for (const [key, inner] of Object.entries(value)) if (key !== 'examples') walk(inner, `${pointer}/${key}`);
  };
  walk(schema, `/components/schemas/${name}`);
  // Compiles even a schema without an example.
  results.check(`schema ${name} compiles`, (() => { try { schemas.errors(`/components/schemas/${name}`, null); return []; } catch (e) { return [e.message]; } })());
}

results.finish();
