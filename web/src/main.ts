// SPDX-License-Identifier: MIT
// Reads the document that the program put into the page, and shows it.
import { drawFor } from "./chart";
import { h } from "./dom";
import { languages, speaker, type Speaker } from "./lang";
import { model, names } from "./model";
import { isModelPage, modelTitle } from "./modelpage";
import { page } from "./page";
import type { Report } from "./types";

const SCHEMA = "holdfast-findings-1";

function inlined<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent?.trim();
  return text ? JSON.parse(text) as T | null : null;
}

const doc = inlined<Report>("holdfast-data");
const sentences = inlined<Record<string, Record<string, string>>>("holdfast-sentences");

function show(lang: string): void {
  const speak = speaker(lang, sentences, doc?.record?.t_kind === "utc");
  const root = document.getElementById("page");
  if (!root) return;
  document.documentElement.lang = lang;
  if (!doc || doc.schema !== SCHEMA) {
    root.replaceChildren(nothing(speak, doc));
    return;
  }
  const m = model(doc, speak);
  document.title = isModelPage(m) ? `Holdfast: ${modelTitle(m)}` : speak.text("title.document", names(m));
  root.replaceChildren(...page(m, show));
}

function nothing(speak: Speaker, doc: Report | null): HTMLElement {
  return h("main", { class: "nothing" }, h("h1", {}, speak.text("error.title")),
    h("p", {}, doc ? speak.text("error.schema", { schema: String(doc.schema) }) : speak.text("error.text")));
}

// A language is taken by itself only when the sentences of findings exist in it, too.
const wanted = navigator.languages.map((l) => l.slice(0, 2)).find((l) => languages.includes(l) && (!sentences || l in sentences));
show(wanted ?? "en");

// Folded parts are printed as the reader left them; charts are drawn for the width of the paper.
addEventListener("beforeprint", () => drawFor("paper"));
addEventListener("afterprint", () => drawFor("screen"));
