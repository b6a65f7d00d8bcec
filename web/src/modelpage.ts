// SPDX-License-Identifier: MIT
// Pages of models: a simulated pair, the theory of a pair explored, a model fitted to a table. No record of messages stands
// behind them: they show hypotheses, and say so first.
import { tableDetails } from "./chart";
import { h } from "./dom";
import { fanFigure, portraitFigure } from "./dynamics";
import { says, tells } from "./finding";
import { loopSection } from "./loop";
import type { Model } from "./model";
import type { Figure, Finding, TableFigure } from "./types";

const FORMATS = ["simulation", "exploration", "fit"];
export const isModelPage = (m: Model): boolean => FORMATS.includes(m.doc.record.format);
/** The words of the page that depend on what it is: "simulation.title". */
const own = (m: Model, key: string, values = {}): string => m.speak.text(`${m.doc.record.format}.${key}`, values);
export const modelTitle = (m: Model): string => own(m, "title");

/** What stands on the page, top to bottom: figures by id, with the measures whose sentences stand before them. */
const SECTIONS: { id: string; figures: string[]; measures: string[] }[] = [
  { id: "fitted", figures: ["parameters"], measures: ["fit_model", "fit_stop", "fit_unknown"] },
  { id: "observed", figures: ["observed"], measures: ["fit_outside"] },
  { id: "regimes", figures: ["regimes"], measures: ["fit_regimes"] },
  { id: "course", figures: ["closeness"], measures: ["sim_closeness", "sim_connection"] },
  { id: "states", figures: ["states"], measures: [] },
  { id: "portrait", figures: ["portrait", "rest_points"], measures: ["sim_rest", "exp_rest", "exp_cycle"] },
  { id: "phase", figures: ["phase"], measures: ["fit_phase"] },
  { id: "recovery", figures: ["recovery"], measures: ["fit_recovery"] },
  { id: "basins", figures: ["basins"], measures: [] },
  { id: "stress", figures: ["stress"], measures: ["exp_tipping"] },
  { id: "scan", figures: ["scan"], measures: ["exp_scan"] },
  { id: "residuals", figures: ["residuals"], measures: ["fit_residuals"] },
  { id: "loop", figures: ["loop"], measures: [] },
  { id: "origins", figures: ["origins"], measures: [] },
];

export function modelPage(m: Model, foot: HTMLElement): HTMLElement[] {
  const shown = SECTIONS.map((s) => [s.id, s.id === "loop" ? loop(m) : section(m, s)] as const).filter((s): s is [string, HTMLElement] => s[1] !== null);
  const main = h("main", { id: "report", tabindex: "-1", class: "modelled" }, ...shown.map(([, s]) => s), cannot(m));
  return [h("a", { class: "skip", href: "#report" }, m.speak.text("skip")), header(m, [...shown.map(([id]) => id), "limits"]), main, foot];
}

function header(m: Model, sections: string[]): HTMLElement {
  const { speak, doc } = m;
  return h("header", { class: "top" },
    h("div", { class: "bar" }, h("p", { class: "kicker" }, h("b", {}, "Holdfast"), ` · ${own(m, "kicker")}`),
      h("nav", { "aria-label": speak.text("nav") }, h("ul", {}, ...sections.map((id) => h("li", {}, h("a", { href: `#${id}` }, speak.text(`model.${id}.nav`))))))),
    h("div", { class: "title model" }, h("h1", {}, modelTitle(m)),
      h("div", {}, h("p", { class: "lead" }, own(m, "lead", { file: doc.record.files[0] ?? "" })), h("p", { class: "consent" }, own(m, "of")))));
}

const figureOf = (m: Model, id: string): Figure | undefined => m.doc.figures.find((f) => f.id === id);
/** Statements of a kind; of several they are numbered: fit_regimes_1, fit_regimes_2. */
const findingsOf = (m: Model, keys: string[]): Finding[] => keys.flatMap((key) =>
  m.measures.filter((x) => x.key.replace(/_\d+$/, "") === key).flatMap((x) => x.findings));

function section(m: Model, { id, figures, measures }: (typeof SECTIONS)[number]): HTMLElement | null {
  const drawn = figures.map((f) => figureOf(m, f)).filter((f): f is Figure => f !== undefined);
  const findings = findingsOf(m, measures);
  if (!drawn.length && !findings.length) return null;
  const { speak } = m;
  const lead = speak.say(`${m.doc.record.format}.${id}.lead`) ?? speak.say(`model.${id}.lead`);
  return h("section", { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, speak.say(`${m.doc.record.format}.${id}.title`) ?? speak.text(`model.${id}.title`)),
    lead && h("p", { class: "lead" }, lead),
    h("div", { class: "card" }, findings.length > 0 && says(m, findings.filter((f) => tells(f) || f.status === "not_enough_data")),
      ...drawn.map((f) => drawing(m, f))));
}

function drawing(m: Model, figure: Figure): HTMLElement | null {
  const title = m.speak.say(figure.title_key) ?? figure.id;
  switch (figure.kind) {
    case "fan": return fanFigure(m, figure, title);
    case "portrait": return portraitFigure(m, figure, title, m.speak.text(`${figure.title_key}.caption`));
    case "table": return figure.id === "origins" ? origins(m, figure, title) : openTable(m, figure, title);
    default: return null;
  }
}

const cell = (m: Model, value: unknown): string => value === null || value === undefined ? "–"
  : typeof value === "number" ? plainNumber(m, value) : m.speak.say(String(value)) ?? String(value);

/** What is very large or small says only its order: nobody reads seventeen zeros. */
const plainNumber = (m: Model, x: number): string => x !== 0 && (Math.abs(x) >= 1e6 || Math.abs(x) < 1e-4)
  ? new Intl.NumberFormat(m.speak.lang === "en" ? "en-GB" : m.speak.lang, { notation: "scientific", maximumSignificantDigits: 2 }).format(x) : m.speak.number(x);

/** A table that is shown at once, also on paper. */
function openTable(m: Model, figure: TableFigure, title: string): HTMLElement {
  const note = m.speak.say(`${figure.title_key}.note`);
  return h("div", { class: "open-table" }, h("h3", {}, title),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title }, h("table", {}, h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...figure.data.columns.map((c) => h("th", { scope: "col" }, cell(m, c))))),
      h("tbody", {}, ...figure.data.rows.map((row) => h("tr", {}, ...row.map((v, i) => i
        ? h("td", { class: typeof v === "number" ? "number" : "" }, cell(m, v)) : h("th", { scope: "row" }, cell(m, v)))))))),
    note && h("p", { class: "quiet" }, note));
}

/** What was given stands open; the constants of the theory are counted by their source and listed below. */
function origins(m: Model, figure: TableFigure, title: string): HTMLElement {
  const isTrait = (row: unknown[]): boolean => String(row[0]).startsWith("trait.");
  const constants = figure.data.rows.filter((r) => !isTrait(r));
  const counts = [...new Set(constants.map((r) => String(r[2])))].map((origin) =>
    m.speak.text(`${origin}.count`, { n: constants.filter((r) => r[2] === origin).length }));
  const head = figure.data.columns.map((c) => cell(m, c));
  const all = tableDetails(m, m.speak.text("figure.constants"), head, constants.map((r) => r.map((v) => cell(m, v))));
  all.querySelector("summary")?.replaceChildren(m.speak.text("figure.constants"));
  return h("div", {}, openTable(m, { ...figure, data: { ...figure.data, rows: figure.data.rows.filter(isTrait) } }, title),
    h("p", { class: "quiet" }, m.speak.text("origin.counts", { n: constants.length }), ` ${counts.join(", ")}.`), all);
}

function loop(m: Model): HTMLElement | null {
  return m.doc.figures.some((f) => f.kind === "loop") ? loopSection(m, "loop.simulated") : null;
}

function cannot(m: Model): HTMLElement {
  const own_ = [1, 2, 3, 4, 5].map((i) => own(m, `limits.${i}`));
  const notes = m.doc.limits.map((l) => m.speak.say(`limit.${l.key}`) ?? l.text);
  return h("section", { id: "limits", class: "cannot", "aria-labelledby": "limits-title" },
    h("h2", { id: "limits-title" }, m.speak.text("limits.title")),
    h("ul", { class: "plain" }, ...own_.map((text) => h("li", {}, text))),
    notes.length > 0 && h("section", { class: "help" }, h("h3", {}, own(m, "notes")), h("ul", { class: "plain" }, ...notes.map((text) => h("li", {}, text)))));
}
