// SPDX-License-Identifier: MIT
// Builds data/web/report.html: the page, its style and its script in one file.
//
//   node build.mjs           writes it
//   node build.mjs --check   says whether the committed one is what the sources make
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const lang = join(here, "../data/lang");
const target = join(here, "../data/web/report.html");
const sha = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// The frame of the page; the sentences of findings come with the document.
const frames = () => Object.fromEntries(readdirSync(lang).sort()
  .map((file) => [/^page_([a-z]{2})\.json$/.exec(file)?.[1], file]).filter(([code]) => code)
  .map(([code, file]) => [code, JSON.parse(readFileSync(join(lang, file), "utf8"))]));
const languages = {
  name: "languages",
  setup(build) {
    build.onResolve({ filter: /^holdfast:/ }, (args) => ({ path: args.path, namespace: "languages" }));
    build.onLoad({ filter: /.*/, namespace: "languages" }, () => ({ loader: "json", contents: JSON.stringify(frames()) }));
  },
};

async function bundle(entry, options) {
  const result = await esbuild.build({ entryPoints: [join(here, entry)], bundle: true, write: false, minify: true,
    legalComments: "none", charset: "utf8", target: ["es2022"], ...options });
  return result.outputFiles[0].text.trim();
}

const script = (await bundle("src/main.ts", { format: "iife", plugins: [languages] })).replaceAll("</script", "<\\/script");
const style = await bundle("src/style.css", { loader: { ".css": "css" } });
const frame = JSON.parse(readFileSync(join(lang, "page_en.json"), "utf8"));
const policy = ["default-src 'none'", `script-src ${sha(script)}`, `style-src ${sha(style)}`, "img-src data:",
  "base-uri 'none'", "form-action 'none'"].join("; ");

const page = readFileSync(join(here, "src/page.html"), "utf8")
  .replace("@@POLICY@@", () => policy)
  .replace("@@NOSCRIPT@@", () => frame.noscript)
  .replace("@@STYLE@@", () => style)
  .replace("@@SCRIPT@@", () => script);

if (process.argv.includes("--check")) {
  const there = readFileSync(target, "utf8");
  if (there !== page) {
    console.error("data/web/report.html is not what web/ makes: run script/build, or npm run build in web/, and commit it");
    process.exit(1);
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, page);
  console.log(`data/web/report.html: ${(page.length / 1024).toFixed(0)} KiB`);
}
