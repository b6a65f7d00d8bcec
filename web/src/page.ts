// SPDX-License-Identifier: MIT
// The report, top to bottom.
import { barRows, intervalFigure, tableDetails } from "./chart";
import { h } from "./dom";
import { measureCard, says, silentCard, tells, type MeasureOptions } from "./finding";
import { languageName, languages } from "./lang";
import { cycleSection, pillarsSection } from "./cycle";
import { loopSection } from "./loop";
import { profileSection } from "./plane";
import { recentSection } from "./recent";
import { suggestionSection } from "./suggestion";
import { names, part, type Measure, type Model } from "./model";
import { at, charted, counterpart, mayStand, type Place } from "./sections";
import type { BarsFigure, TableFigure } from "./types";

type Section = HTMLElement | null;

export function page(m: Model, speakIn: (lang: string) => void): HTMLElement[] {
  const enough = m.doc.findings.some(tells);
  const sections: [string, Section][] = fromSheets(m) ? [["profile", profileSection(m)], ["scales", scales(m)], ["limits", limits(m)]] : [
    ["pillars", pillarsSection(m)],
    ["loop", loopSection(m)],
    ["cycle", cycleSection(m)],
    ["empty", enough ? null : empty(m)],
    ["warm", enough ? warm(m) : null],
    ["read", read(m)],
    ["signals", enough ? signals(m) : null],
    ["time", enough ? time(m) : null],
    ["profile", profileSection(m)],
    ["balance", enough ? balance(m) : null],
    ["limits", limits(m)],
    ["next", suggestionSection(m)],
  ];
  const shown = sections.filter((s): s is [string, HTMLElement] => s[1] !== null);
  const main = h("main", { id: "report", tabindex: "-1" }, ...shown.map(([, section]) => section));
  return [
    h("a", { class: "skip", href: "#report" }, m.speak.text("skip")),
    header(m, shown.map(([id]) => id).filter((id) => id !== "empty")), main, footer(m, speakIn),
  ];
}

/** A page made of answer sheets alone: no record of messages stands behind it. */
const fromSheets = (m: Model): boolean => m.doc.record.format === "answer_sheets";

function header(m: Model, sections: string[]): HTMLElement {
  const { speak, doc } = m;
  const { record } = doc;
  const values = { ...names(m), first: record.first, last: record.last };
  const sheets = fromSheets(m);
  const timed = record.first !== null && record.t_kind !== "none" && record.t_kind !== "media";
  return h("header", { class: "top" },
    h("div", { class: "bar" },
      h("p", { class: "kicker" }, h("b", {}, "Holdfast"), ` · ${speak.text("kicker")}`),
      h("nav", { "aria-label": speak.text("nav") }, h("ul", {}, ...sections.map((id) =>
        h("li", {}, h("a", { href: `#${id}` }, speak.text(`nav.${id}`))))))),
    h("div", { class: "title" },
      h("h1", {}, sheets && record.partners.length === 1 ? m.partners[0]?.name ?? "" : speak.text("title", values)),
      h("div", {}, h("p", { class: "lead" }, speak.text(sheets ? "lead.sheets" : timed ? "lead" : "lead.notime", values)),
        h("p", { class: "consent" }, consent(m), record.synthetic && ` ${speak.text("lead.synthetic")}`))));
}

function consent(m: Model): string {
  const { level, declared_by, date, protocol } = m.doc.consent;
  const me = m.partners.find((p) => p.me)?.name ?? declared_by ?? "";
  if (level === "solo") return m.speak.text(fromSheets(m) ? "consent.sheets" : "consent.solo", { me });
  if (level === "research") return m.speak.text("consent.research", { protocol: protocol ?? "" });
  return declared_by && m.partners.some((p) => p.name === declared_by)
    ? m.speak.text("consent.both", { by: declared_by, date }) : m.speak.text("consent.both.declared", { date });
}

function empty(m: Model): HTMLElement {
  const silent = m.measures.filter((x) => x.findings.some((f) => f.status === "not_enough_data"));
  return h("section", { class: "empty" }, h("h2", {}, m.speak.text("empty.title")),
    h("p", { class: "lead" }, m.speak.text("empty.text", { messages: m.doc.record.messages })),
    silent.length > 0 && silentCard(m, silent),
    m.doc.findings.some((f) => f.status === "not_shown") && h("p", { class: "not_shown" }, m.speak.text("not_shown")));
}

function frame(m: Model, id: string, values: Record<string, string> = {}, ...children: (Node | null | false)[]): HTMLElement {
  return h("section", { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, m.speak.text(`${id}.title`)),
    h("p", { class: "lead" }, m.speak.text(`${id}.lead`, values)), ...children);
}

/** Cards of a place: drawn ones over the whole width, the small ones in two columns, then what could not be said, and
 *  once, in the same words for every cause, that something is held back. */
function cards(m: Model, place: Place, options: MeasureOptions = {}, card = measureCard): HTMLElement | null {
  const measures = at(m, place).filter((x) => mayStand(m, x));
  const telling = measures.filter((x) => !x.findings.length || x.findings.some(tells));
  const silent = measures.filter((x) => !telling.includes(x) && x.findings.some((f) => f.status === "not_enough_data"));
  const held = measures.some((x) => x.findings.some((f) => f.status === "not_shown"));
  if (!telling.length && !silent.length && !held) return null;
  const small = telling.filter((x) => !charted(x));
  return h("div", { class: "cards" }, ...telling.filter(charted).map((x) => card(m, x, options)),
    small.length > 0 && h("div", { class: small.length > 1 && !options.heading ? "columns" : "rows" }, ...small.map((x) => card(m, x, options))),
    silent.length > 0 && silentCard(m, silent),
    held && h("p", { class: "not_shown" }, m.speak.text("not_shown")));
}

function warm(m: Model): HTMLElement {
  const found = cards(m, "warm");
  return frame(m, "warm", {}, found ?? h("p", { class: "card quiet" }, m.speak.text("warm.none")));
}

function signals(m: Model): HTMLElement {
  const signal = (place: Place, key: string): HTMLElement => {
    const later = place === "tone" && !at(m, "tone").some((x) => x.findings.some(tells));
    return h("section", { class: "signal", "aria-labelledby": `signal-${key}` },
      h("header", {}, h("h3", { id: `signal-${key}` }, m.speak.text(`signals.${key}`)),
        h("p", {}, m.speak.text(`signals.${key}.what`))),
      later ? h("p", { class: "later" }, m.speak.text("signals.tone.later")) : cards(m, place, { heading: "h4" }, beside));
  };
  return frame(m, "signals", {}, recentSection(m), signal("response", "response"), signal("tone", "tone"), signal("short", "short"),
    signal("uptake", "uptake"));
}

/** What went unanswered stands beside what was answered, in one box. */
function beside(m: Model, measure: Measure, options: MeasureOptions = {}): HTMLElement {
  const answered = counterpart(m, measure);
  const card = measureCard(m, measure, options);
  if (answered) card.querySelector("h4")?.after(h("div", { class: "beside" }, says(m, answered.findings.filter((f) => !part(f)))));
  return card;
}

function time(m: Model): Section {
  const found = cards(m, "time");
  if (!found) return frame(m, "time", { period: m.speak.text("period.week") },
    h("p", { class: "card quiet" }, m.speak.text("time.none")));
  const period = m.measures.find((x) => x.figure)?.figure?.data.period ?? "week";
  return frame(m, "time", { period: m.speak.say(`period.${period}`) ?? period }, found);
}

function scales(m: Model): Section {
  const known = tables(m);
  const said = m.doc.limits.map((l) => h("li", {}, m.speak.say(`limit.${l.key}`) ?? l.text));
  return known.length || said.length ? frame(m, "scales", {}, ...known, h("ul", { class: "plain" }, ...said)) : null;
}

const tables = (m: Model): HTMLElement[] => m.doc.figures.filter((f): f is TableFigure => f.kind === "table").map((figure) => {
  const title = m.speak.say(figure.title_key) ?? figure.id;
  return tableDetails(m, title, figure.data.columns.map((c) => m.speak.say(String(c)) ?? String(c)),
    figure.data.rows.map((r) => r.map((c) => typeof c === "number" ? m.speak.number(c) : String(c ?? "–"))));
});

function balance(m: Model): Section {
  const bars = m.doc.figures.filter((f): f is BarsFigure => f.kind === "bars").map((figure) => {
    const title = m.speak.say(figure.title_key) ?? m.speak.text("balance.title");
    const rows = barRows(m, figure.data);
    return rows.length ? h("section", { class: "measure wide" }, h("h3", {}, title),
      intervalFigure(m, rows, figure.data.unit, title)) : null;
  }).filter((x) => x !== null);
  const found = [cards(m, "balance", { sentencesOnly: bars.length > 0 }), cards(m, "more")].filter((x) => x !== null);
  const known = tables(m);
  if (!bars.length && !found.length && !known.length) return null;
  return frame(m, "balance", {}, h("div", { class: "cards" }, ...bars, ...found), ...known);
}

function read(m: Model): HTMLElement {
  const { speak, doc: { record, limits: known } } = m;
  const rows: [string, string | HTMLElement][] = [];
  const row = (key: string, value: string | HTMLElement | null): void => {
    if (value !== null && value !== "") rows.push([speak.text(`read.${key}`), value]);
  };
  row("files", record.files.join(", "));
  row("format", speak.say(`format.${record.format}`) ?? record.format);
  if (record.first !== null && record.last !== null)
    row("span", `${speak.time(record.first)} – ${speak.time(record.last)}`);
  row("messages", h("span", {}, speak.number(record.messages, "0"), h("small", {}, record.partners.map((p) =>
    `${p.name}: ${p.words === null ? speak.number(p.messages, "0") : speak.text("read.words", { messages: p.messages, words: p.words })}`)
    .join(" · "))));
  row("turns", h("span", {}, speak.number(record.turns, "0"), h("small", {}, speak.text("read.turns.note"))));
  row("exchanges", h("span", {}, speak.number(record.exchanges, "0"),
    record.exchange_gap_min !== null && h("small", {}, speak.text("read.exchanges.note", { gap: record.exchange_gap_min }))));
  row("language", Object.entries(record.language).filter(([, share]) => share >= .02).sort((x, y) => y[1] - x[1]).slice(0, 3)
    .map(([code, share]) => `${languageIn(m, code)} ${speak.number(share, "percent")}`).join(", "));
  row("date_order", record.date_order && `${speak.say(`date_order.${record.date_order}`) ?? record.date_order}${record.date_ambiguous ? `. ${speak.text("read.ambiguous")}` : ""}`);
  if (record.time_inversions) row("inversions", speak.number(record.time_inversions, "0"));
  const warnings = Array.isArray(record.warnings) ? record.warnings : record.warnings ? [speak.number(record.warnings, "0")] : [];
  if (warnings.length) row("warnings", h("ul", {}, ...warnings.slice(0, 8).map((w) => h("li", {}, w))));
  return frame(m, "read", {}, h("div", { class: "two" },
    h("dl", { class: "card facts" }, ...rows.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)])),
    known.length > 0 && h("div", { class: "card" }, h("h3", {}, speak.text("read.cannot")),
      h("ul", { class: "plain" }, ...known.map((l) => h("li", {}, speak.say(`limit.${l.key}`) ?? l.text))))));
}

function languageIn(m: Model, code: string): string {
  if (code === "other" || code === "und") return m.speak.say("language.other") ?? code;
  try {
    return new Intl.DisplayNames([m.speak.lang], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function limits(m: Model): HTMLElement {
  const { speak } = m;
  return h("section", { id: "limits", class: "cannot", "aria-labelledby": "limits-title" },
    h("h2", { id: "limits-title" }, speak.text("limits.title")),
    h("ul", { class: "plain" }, ...[1, 2, 3, 4, 5].map((i) => h("li", {}, speak.text(`limits.${i}`)))),
    h("p", { class: "use" }, speak.text("limits.use")),
    h("section", { class: "help", "aria-labelledby": "help-title" }, h("h3", { id: "help-title" }, speak.text("help.title")),
      h("p", {}, speak.text("help.text"))));
}

function footer(m: Model, speakIn: (lang: string) => void): HTMLElement {
  const { speak, doc: { made_by } } = m;
  const buttons = languages.map((lang) => {
    const button = h("button", { type: "button", lang, "aria-pressed": String(lang === speak.lang) }, languageName(lang));
    button.addEventListener("click", () => speakIn(lang));
    return button;
  });
  return h("footer", {}, h("p", {}, speak.text("foot.made", { ...made_by })), h("p", {}, speak.text("foot.inspired")),
    h("p", { class: "folded" }, speak.text("foot.folded")),
    buttons.length > 1 && h("p", { class: "languages", role: "group", "aria-label": speak.text("foot.language") }, ...buttons));
}
