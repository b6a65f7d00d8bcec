// SPDX-License-Identifier: MIT
// Does a findings.json follow doc/schema/findings.schema.json?   node web/test/validate.mjs FILE...
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import Ajv from "ajv/dist/2020.js";

const schema = JSON.parse(readFileSync(new URL("../../doc/schema/findings.schema.json", import.meta.url), "utf8"));
const check = new Ajv({ allErrors: true, allowUnionTypes: true, strict: "log", logger: false }).compile(schema);

/** What is wrong with a document, one line each; beyond the schema: examples are there, ids are unique. */
export function faults(document) {
  const found = check(document) ? [] : check.errors.map((e) => `${e.instancePath || "/"} ${e.message}`);
  const ids = document.findings?.map((f) => f.id) ?? [];
  for (const id of new Set(ids.filter((x, i) => ids.indexOf(x) !== i))) found.push(`two findings are called ${id}`);
  const turns = new Set(document.turns?.map((t) => t.id));
  for (const f of document.findings ?? [])
    for (const id of f.examples ?? []) if (!turns.has(id)) found.push(`${f.id}: example ${id} is not among the turns`);
  for (const f of document.figures ?? [])
    if (f.kind === "series")
      for (const line of f.data.lines)
        for (const key of ["value", "lo", "hi", "n"])
          if (line[key] && line[key].length !== f.data.time.length) found.push(`${f.id}: ${key} is not as long as time`);
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  let wrong = 0;
  for (const file of process.argv.slice(2))
    for (const fault of faults(JSON.parse(readFileSync(file, "utf8")))) {
      console.error(`${file}: ${fault}`);
      wrong = 1;
    }
  process.exit(wrong);
}
