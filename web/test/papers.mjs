// SPDX-License-Identifier: MIT
// The pages that are made without this code base, in Chromium: loop and session sheet. One A4 page each, however much was
// written; no request, no script; axe-core clean in light, dark and on a phone. node web/test/papers.mjs HOLDFAST
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { chromiumPath } from "./browser.mjs";

const root = new URL("../..", import.meta.url).pathname;
const holdfast = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "holdfast-papers-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const run = (...args) => execFileSync(holdfast, args, { cwd: work, stdio: ["ignore", "pipe", "pipe"] });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });

const LOOKS = [
  { name: "light", viewport: { width: 1100, height: 900 }, colorScheme: "light" },
  { name: "dark", viewport: { width: 1100, height: 900 }, colorScheme: "dark" },
  { name: "phone", viewport: { width: 360, height: 780 }, colorScheme: "light" },
];

async function wellMade(file, fits) {
  const html = readFileSync(join(work, file), "utf8");
  assert.ok(!/<script/i.test(html), `${file}: no script`);
  assert.ok(!/\{\{|\{\w+(:\w+)?\}/.test(html.replace(/<style>[\s\S]*?<\/style>/, "")), `${file}: no template is left unfilled`);
  for (const look of LOOKS) {
    // The page's own policy forbids scripts, also axe-core's.
    const context = await browser.newContext({ ...look, bypassCSP: true });
    const tab = await context.newPage();
    const heard = [];
    tab.on("request", (r) => { if (r.url() !== `file://${join(work, file)}`) heard.push(r.url()); });
    tab.on("console", (c) => heard.push(c.text()));
    await tab.goto(`file://${join(work, file)}`);
    assert.deepEqual(heard, [], `${file}, ${look.name}`);
    assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${file}, ${look.name}: too wide`);
    await tab.evaluate(axe.source);
    const { violations } = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 120)}`), [], `${file}, ${look.name}`);
    if (look.name === "light") {
      const pdf = await tab.pdf({ preferCSSPageSize: true, printBackground: true });
      const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
      assert.equal(pages, 1, `${file}: ${pages} printed pages`);
      await tab.emulateMedia({ media: "print" });
      await tab.setViewportSize(file.startsWith("loop") ? { width: 680, height: 1017 } : { width: 794, height: 1123 }); // what the paper leaves
      const lost = await tab.evaluate(() => { const m = document.querySelector("main"); return m.scrollHeight - m.clientHeight; });
      if (fits) assert.ok(lost <= 0, `${file}: ${lost} px do not fit the page`);
    }
    await context.close();
  }
}

/** Answers of a length. */
const loop = (words) => ["a", "b"].flatMap((who) => [`${who}.name: ${who === "a" ? "Ellie" : "Sam"}`,
  ...["trigger", "did", "surface", "underneath", "needed"].map((part) => `${who}.${part}: ${Array(words).fill("word").join(" ")}`)]).join("\n") + "\n";
for (const [name, words] of [["short", 3], ["usual", 18], ["long", 55]]) {
  writeFileSync(join(work, `${name}.txt`), loop(words));
  run("loop", "--answers", `${name}.txt`, "--out", `loop_${name}.html`, "--save", `${name}.json`, "--language", name === "usual" ? "de" : "en");
  await wellMade(`loop_${name}.html`, true);
}
writeFileSync(join(work, "one.txt"), "a.name: Ellie\na.trigger: late\n");
run("loop", "--answers", "one.txt", "--out", "loop_one.html");
await wellMade("loop_one.html", true);

const chat = join(root, "examples/ellie_and_sam.txt");
for (const day of ["03", "09"]) run("practice", "log", "small_replies", "log.csv", "--me", "Ellie", "--went", "7", "--date", `2025-06-${day}`);
run("practice", "log", "request", "log.csv", "--me", "Sam", "--went", "7", "--date", "2025-06-03");
run("practice", "log", "listen_two", "log.csv", "--me", "Sam", "--went", "7", "--date", "2025-06-03");
run("analyze", chat, "log.csv", "--consent", "both", "--out", "both");
run("analyze", chat, "--me", "Sam", "--out", "solo");
// Many measures changed: an earlier document with other numbers.
const earlier = JSON.parse(readFileSync(join(work, "both/findings.json"), "utf8"));
for (const f of earlier.findings) if (f.estimate !== null && f.lo !== null) for (const key of ["estimate", "lo", "hi"]) f[key] = f[key] * 3 + 1;
writeFileSync(join(work, "earlier.json"), JSON.stringify(earlier));
for (const [name, args] of [["plain", ["solo/findings.json"]], ["usual", ["both/findings.json", "--loop", "usual.json"]],
  ["full", ["both/findings.json", "--loop", "long.json", "--earlier", "earlier.json"]],
  ["voll", ["both/findings.json", "--loop", "long.json", "--earlier", "earlier.json", "--language", "de"]]]) {
  run("sheet", ...args, "--policy", "limited", "--out", `sheet_${name}.html`);
  await wellMade(`sheet_${name}.html`, true);
}
await browser.close();
console.log("loop and sheet: one page each, short and long, English and German");
