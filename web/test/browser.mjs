// SPDX-License-Identifier: MIT
// Where Debian's Chromium is, and how a document gets into the page: what the C program does, for tests.
import { existsSync, readdirSync, readFileSync } from "node:fs";

export function chromiumPath() {
  const path = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => p && existsSync(p));
  if (!path) {
    console.log("skipped: no chromium here");
    process.exit(77);
  }
  return path;
}

const place = (id) => `<script id="${id}" type="application/json">null</script>`;
export function fill(page, document, sentences = sentencesOfAll()) {
  let html = page;
  for (const [id, value] of [["holdfast-data", document], ["holdfast-sentences", sentences]]) {
    if (html.split(place(id)).length !== 2) throw new Error(`the page needs exactly one place for ${id}`);
    const json = JSON.stringify(value).replaceAll("<", "\\u003c");
    html = html.replace(place(id), () => place(id).replace("null", () => json));
  }
  return html;
}
function sentencesOfAll() {
  const of = (folder, f) => JSON.parse(readFileSync(new URL(f, new URL(`../../data/${folder}/`, import.meta.url)), "utf8"));
  return Object.fromEntries(readdirSync(new URL("../../data/lang/", import.meta.url)).filter((f) => /^[a-z]{2}\.json$/.test(f))
    .map((f) => [f.slice(0, 2), { ...of("lang", f), ...of("guidance", f) }]));
}
export const read = (path) => readFileSync(path, "utf8");
