// The expressions of a Grafana dashboard as recording rules, so that promtool can tell whether they are PromQL.
// Usage: node dashboard_rules.mjs DASHBOARD
import { readFile } from 'node:fs/promises';

const board = JSON.parse(await readFile(process.argv[2], 'utf8'));
const panels = board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
const variables = new Set(board.templating.list.map((v) => v.name));

// What Grafana puts in the place of a variable.
function filledIn(expression, where) {
  return expression
    .replace(/\$__(rate_)?interval\b|\$\{__(rate_)?interval\}/g, '5m')
    .replace(/\$__range\b|\$\{__range\}/g, '1h')
    .replace(/\$\{?(\w+)(?::\w+)?\}?/g, (_, name) => {
      if (!variables.has(name)) throw new Error(`${where}: the dashboard has no variable ${name}`);
      return 'x';
    });
}

const rules = [];
for (const panel of panels) {
  for (const target of panel.targets ?? []) {
    rules.push({ record: `dashboard:panel_${panel.id}:${target.refId}`, expr: filledIn(target.expr, `panel "${panel.title}"`) });
  }
}
for (const annotation of board.annotations?.list ?? []) {
  if (annotation.expr) rules.push({ record: 'dashboard:annotation', expr: filledIn(annotation.expr, `annotation "${annotation.name}"`) });
}
if (rules.length < 10) throw new Error(`only ${rules.length} expressions were found`);
console.log(JSON.stringify({ groups: [{ name: 'dashboard', rules }] }, null, 1));
