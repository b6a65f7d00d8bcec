// SPDX-License-Identifier: MIT
// Opens reports in Chromium: node web/test/report.mjs [HOLDFAST]. With the command's path, real reports of examples/ too.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { chromiumPath, fill, read } from "./browser.mjs";
import * as documents from "./documents.mjs";
import { faults } from "./validate.mjs";

const root = new URL("../..", import.meta.url).pathname;
const holdfast = process.argv[2];
const work = mkdtempSync(join(tmpdir(), "holdfast-page-"));
const template = read(join(root, "data/web/report.html"));
const full = JSON.parse(read(join(root, "web/fixtures/both.json")));
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const LOOKS = [
  { name: "light", viewport: { width: 1280, height: 860 }, colorScheme: "light", locale: "en-GB" },
  { name: "dark", viewport: { width: 1280, height: 860 }, colorScheme: "dark", locale: "en-GB" },
  { name: "phone", viewport: { width: 360, height: 780 }, colorScheme: "light", locale: "de-DE" },
];

/** Opens a file; gives the tab and what it asked for or complained about. */
async function open(file, look = LOOKS[0]) {
  const context = await browser.newContext(look);
  const tab = await context.newPage();
  const heard = [];
  tab.on("request", (r) => { if (r.url() !== `file://${file}` && !r.url().startsWith("data:")) heard.push(`request ${r.url()}`); });
  tab.on("console", (c) => { if (["error", "warning"].includes(c.type())) heard.push(`console ${c.text()}`); });
  tab.on("pageerror", (e) => heard.push(`error ${e.message}`));
  await tab.goto(`file://${file}`);
  await tab.waitForTimeout(250); // the charts are drawn when their width is known
  return { tab, heard, close: () => context.close() };
}

/** Opens every folded part; its charts are drawn then. */
async function unfold(tab) {
  await tab.evaluate(() => { for (const d of document.querySelectorAll("details")) d.open = true; });
  await tab.waitForTimeout(250);
}

async function accessible(tab, what) {
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.help} (${v.nodes[0]?.html.slice(0, 120)})`), [], what);
}

/** What holds for every report, whatever is in it. */
async function wellMade(file, what, looks = LOOKS, stations = 5) {
  for (const look of looks) {
    const { tab, heard, close } = await open(file, look);
    const folded = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(folded <= 0, `${what}, ${look.name}: wider than the screen by ${folded} px`);
    // axe-core goes through folded parts, too, where it has to do so once only: it takes its time.
    const deep = what === "full" && look.name === "light";
    if (!deep) await accessible(tab, `${what}, ${look.name}`);
    await unfold(tab);
    if (deep) await accessible(tab, `${what}, ${look.name}, unfolded`);
    const seen = await tab.evaluate(() => {
      const all = (q, within = document) => [...within.querySelectorAll(q)];
      return {
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        charts: all("figure svg").length,
        mute: all("figure svg").filter((s) => s.getAttribute("role") !== "img" || (s.getAttribute("aria-label") ?? "").length < 12).length,
        tableless: all("figure").filter((f) => all("table tbody tr", f).length === 0).length,
        stray: all("#page style").length,
        lists: Math.max(0, ...all(".examples").map((e) => all("li", e).length)),
        alone: all('[data-measure^="unanswered"]').filter((c) => !c.querySelector(".beside li")).length,
        stations: all(".station h3").length,
        cannot: all("#limits li").length,
        holes: all("main, header, footer").some((e) => /\{\w+(:\w+)?\}|undefined|NaN|\[object/.test(e.textContent)) ?
          document.body.textContent.match(/.{30}(\{\w+(:\w+)?\}|undefined|NaN|\[object).{10}/)?.[0] ?? "yes" : "",
      };
    });
    assert.deepEqual(heard, [], `${what}, ${look.name}: nothing is asked for and nothing complains`);
    assert.ok(seen.wide <= 0, `${what}, ${look.name}: wider than the screen by ${seen.wide} px`);
    assert.equal(seen.mute, 0, `${what}: every chart has words`);
    assert.equal(seen.tableless, 0, `${what}: every figure has its numbers as a table`);
    assert.equal(seen.stray, 0);
    assert.ok(seen.lists <= 3, `${what}: at most three examples`);
    assert.equal(seen.alone, 0, `${what}: what went unanswered stands beside what was answered`);
    assert.equal(seen.stations, stations);
    assert.ok(seen.cannot >= 5);
    assert.equal(seen.holes, "", `${what}: no template is left unfilled`);
    await close();
  }
}

function put(name, document) {
  assert.deepEqual(faults(document), [], `${name} follows the schema`);
  const file = join(work, `${name}.html`);
  writeFileSync(file, fill(template, document));
  return file;
}

// ---- languages: every frame has the same keys, every sentence the places of the English one
{
  const lang = (file) => JSON.parse(read(join(root, "data/lang", file)));
  const places = (text) => [...new Set(text.match(/\{\w+/g) ?? [])].sort().join();
  const guide = JSON.parse(read(join(root, "data/guidance/en.json")));
  const german = JSON.parse(read(join(root, "data/guidance/de.json")));
  assert.deepEqual(Object.keys(german), Object.keys(guide), "guidance: the same keys in the same order");
  for (const [key, text] of Object.entries(german)) assert.equal(places(text), places(guide[key]), `guidance: ${key} has the places of the English one`);
  const [frame, english] = [lang("page_en.json"), { ...lang("en.json"), ...guide }];
  for (const file of readdirSync(join(root, "data/lang")).filter((f) => f.endsWith(".json"))) {
    const [own, base] = [lang(file), file.startsWith("page_") ? frame : english];
    if (file.startsWith("page_")) assert.deepEqual(Object.keys(own).sort(), Object.keys(base).sort(), `${file} has the keys of page_en.json`);
    for (const [key, text] of Object.entries(own))
      if (base[key]) assert.equal(places(text), places(base[key]), `${file}: ${key} has the places of the English one`);
  }
  for (const f of full.findings)
    if (f.status === "seen" || f.status === "hypothesis") assert.ok(f.text_key in english, `${f.id}: no sentence ${f.text_key}`);
}

// ---- the page itself
assert.match(template, /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/);
assert.ok(!/https?:\/\/(?!www\.w3\.org\/)/.test(template.replace(/<script>[\s\S]*<\/script>/, "")), "no address in the frame");

// ---- documents of every kind
const made = { full, solo: documents.solo(full), thin: documents.thin(full), empty: documents.empty(full),
  hostile: documents.hostile(full), unknown: documents.unknown(full) };
const files = Object.fromEntries(Object.entries(made).map(([name, d]) => [name, put(name, d)]));
for (const [name, file] of Object.entries(files)) await wellMade(file, name, name === "full" ? LOOKS : [LOOKS[2]]);

// ---- what each kind must say
{
  const { tab, close } = await open(files.full);
  const text = await tab.textContent("main");
  assert.match(text, /forecasts anything/);
  const order = await tab.$$eval("main > section", (s) => s.map((x) => x.id));
  assert.deepEqual(order, ["pillars", "loop", "cycle", "warm", "read", "signals", "time", "balance", "limits", "next"]);
  assert.deepEqual(await tab.$$eval(".station h3", (s) => s.map((x) => x.lastChild.textContent)),
    ["Need", "Emotion", "Protection", "Distance", "The way back"]);
  assert.equal(await tab.$$eval("#loop", (s) => s[0].getBoundingClientRect().top < innerHeight), true);
  await unfold(tab);
  const told = new Set(made.full.findings.map((f) => f.id.split(".")[0]));
  const panels = made.full.figures.filter((f) => f.kind === "series" && told.has(f.id)).flatMap((f) => f.data.lines).length;
  assert.equal(await tab.$$eval(".panel .plot svg", (s) => s.length), panels);
  assert.equal(await tab.$$eval(".panel .usual", (s) => s.length), panels, "a band of ordinary ups and downs on every chart");
  // A filled point for every value outside the band, a hollow one inside.
  const line = made.full.figures.find((f) => f.id === "reply_time").data.lines[0];
  const outside = line.value.filter((v) => v !== null && (v < line.usual_lo || v > line.usual_hi)).length;
  assert.equal(await tab.$$eval('[data-measure="reply_time"] .panel.a circle[fill="var(--a)"], [data-measure="reply_time"] .panel.a g[fill] circle:not([fill="var(--card)"])',
    (s) => new Set(s).size), outside);
  // The cycle: every stretch stands with how it ended, four pillars that are never summed, two positions.
  const { episodes } = made.full.figures.find((f) => f.kind === "episodes").data;
  assert.equal(await tab.$$eval(".episode .ending", (s) => s.filter((x) => x.textContent.length > 20).length), episodes.length);
  assert.equal(await tab.$$eval(".pillar h3", (s) => s.length), 4);
  assert.equal(await tab.$$eval(".lobe li", (s) => s.length), 8);
  assert.match(await tab.textContent("#cycle > .lead"), /not yet been validated on coded couples/);
  // The keyboard: skip link first; a part folds and unfolds.
  await tab.keyboard.press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement.className), "skip");
  await tab.focus(".measure summary");
  await tab.keyboard.press("Enter");
  assert.equal(await tab.evaluate(() => document.activeElement.parentElement.open), false);
  // One suggestion at a time; 'not this one' shows the next, then the neutral sentence; nothing is kept.
  assert.equal(await tab.$$eval("#next h3", (s) => s.length), 2, "one suggestion, and the practices that were logged");
  assert.match(await tab.textContent("#next .suggestion h3"), /loop/);
  assert.equal(await tab.$$eval("#next .because .said li", (s) => s.length), 3);
  assert.match(await tab.textContent("#next .because"), /Sam reached more/);
  await tab.click("#next .put-aside");
  assert.equal(await tab.textContent("#next .suggestion h3"), "Ring each other");
  assert.equal(await tab.evaluate(() => document.activeElement.tagName), "H3");
  await tab.click("#next .put-aside");
  assert.match(await tab.textContent("#next .neutral"), /the same for every cause/);
  await tab.click("#next .put-aside");
  assert.match(await tab.textContent("#next .suggestion h3"), /loop/);
  assert.match(await tab.textContent("#next .before"), /too close to call/);
  // Another language of the frame.
  await tab.click('footer button[lang="de"]');
  assert.equal(await tab.getAttribute("html", "lang"), "de");
  assert.match(await tab.textContent("#limits"), /Gemacht für euch beide/);
  assert.match(await tab.textContent(".station.need"), /Bedürfnis/);
  await close();
}
{
  const { tab, close } = await open(files.solo);
  const text = await tab.textContent("body");
  for (const turn of full.turns.filter((t) => t.sender === "b" && t.text.length > 20))
    assert.ok(!text.includes(turn.text), "solo shows nothing the other wrote");
  assert.match(text, /Some parts are not available right now/);
  assert.match(await tab.textContent("#next .neutral"), /same for every cause/);
  assert.equal(await tab.$$eval(".lobe.b li, .episode .roles .dot.b", (s) => s.length), 0, "solo shows no position of the other");
  await close();
}
{
  const { tab, close } = await open(files.thin);
  assert.ok((await tab.textContent("main")).match(/[Nn]ot enough|[Tt]oo few|too short/g).length > 12);
  assert.equal(await tab.$$eval("main svg[role=img]", (s) => s.length), 0, "no chart without numbers");
  await close();
}
{
  const { tab, close } = await open(files.empty);
  assert.match(await tab.textContent("main"), /too short to say anything/);
  await close();
}
{
  const { tab, close } = await open(files.hostile);
  assert.equal(await tab.evaluate(() => window.harmed), undefined, "text stays text");
  assert.ok((await tab.textContent("h1")).includes(documents.HOSTILE));
  await close();
}
{
  const { tab, close } = await open(files.unknown);
  assert.equal(await tab.$$eval('[data-measure^="unanswered"]', (s) => s.length), 0, "no danger count without its counterpart");
  assert.match(await tab.textContent('[data-measure="new_measure"]'), /New measure/);
  await close();
}
{
  const { tab, close } = await open(join(root, "data/web/report.html"));
  assert.match(await tab.textContent("main"), /holdfast analyze/);
  await close();
}

// ---- on paper
async function pages(file, most, what) {
  const { tab, close } = await open(file);
  const pdf = await tab.pdf({ format: "A4", preferCSSPageSize: true });
  const count = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  assert.ok(count >= 2 && count <= most, `${what}: ${count} printed pages`);
  await close();
  return count;
}
const printed = await pages(files.full, 16, "full");
await pages(files.empty, 3, "empty");

// ---- real reports
let real = "no holdfast command given";
if (holdfast) {
  const help = execFileSync(holdfast, ["help"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  if (/\banalyze\b/.test(help)) {
    const chats = readdirSync(join(root, "examples")).filter((f) => f.endsWith(".txt"));
    for (const chat of chats) {
      const out = join(work, chat);
      execFileSync(holdfast, ["analyze", join(root, "examples", chat), "--consent", "both", "--out", out], { stdio: "ignore" });
      assert.deepEqual(faults(JSON.parse(readFileSync(join(out, "findings.json"), "utf8"))), [], `${chat}: findings.json`);
      await wellMade(join(out, "report.html"), chat, [LOOKS[0]]);
      await pages(join(out, "report.html"), 16, chat);
    }
    real = chats.join(", ");
  } else real = "this build has no analyze";
  await profiles();
}

/** The page of answer sheets: a couple over three occasions, with invented answers. */
async function profiles() {
  const head = ["id", "role", "wave", ...Array.from({ length: 36 }, (_, k) => `Q${k + 1}`)];
  const rows = ["Ann", "Ben"].flatMap((role, b) => [1, 2, 3].map((wave) => [1, role, wave,
    ...Array.from({ length: 36 }, (_, k) => 1 + (k * 7 + b * 3 + wave * (k % 2 ? 1 : 2)) % 5)]));
  writeFileSync(join(work, "pair.csv"), [head, ...rows].map((r) => r.join(",")).join("\n") + "\n");
  const out = join(work, "pair");
  execFileSync(holdfast, ["score", "ecr", "--order", "ecr-1998", "--range", "1-5", join(work, "pair.csv"), "--dyad", "id", "--partner", "role",
    "--occasion", "wave", "--consent", "both", "--out", out], { stdio: "ignore" });
  const document = JSON.parse(readFileSync(join(out, "findings.json"), "utf8"));
  assert.deepEqual(faults(document), [], "profile: findings.json");
  assert.equal(document.figures[0].data.points.length, 6, "profile: a point for each sheet");
  await wellMade(join(out, "profile.html"), "profile", LOOKS, 0);
  await pages(join(out, "profile.html"), 5, "profile");
}
await browser.close();
console.log(`${Object.keys(files).length} documents in ${LOOKS.length} looks, ${printed} printed pages; real reports: ${real}`);
