// SPDX-License-Identifier: MIT
// Pictures of a page, to look at: node look.mjs REPORT.html OUT-FOLDER
// readme.png is the one of the project's README (doc/images/report.png).
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath } from "./test/browser.mjs";

const [page, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
for (const [name, options] of Object.entries({
  light: { viewport: { width: 1280, height: 860 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", deviceScaleFactor: 2 },
})) {
  const tab = await browser.newPage(options);
  await tab.goto(`file://${resolve(page)}`);
  await tab.waitForTimeout(400);
  await tab.screenshot({ path: `${out}/${name}-first.png` });
  await tab.screenshot({ path: `${out}/${name}.png`, fullPage: true });
  if (name === "light")
    for (const section of await tab.$$("main > section"))
      await section.screenshot({ path: `${out}/light-${await section.getAttribute("id") ?? "x"}.png` });
  if (name === "light") await tab.pdf({ path: `${out}/print.pdf`, preferCSSPageSize: true, format: "A4", printBackground: true });
  await tab.close();
}
const tab = await browser.newPage({ viewport: { width: 1120, height: 1700 }, colorScheme: "light" });
await tab.goto(`file://${resolve(page)}`);
await tab.waitForTimeout(400);
const end = await tab.evaluate(() => Math.ceil((document.querySelector(".measure .panels") ?? document.querySelector("#loop") ?? document.querySelector("main > section")).getBoundingClientRect().bottom + 12));
await tab.screenshot({ path: `${out}/readme.png`, clip: { x: 0, y: 0, width: 1120, height: end } });
await browser.close();
