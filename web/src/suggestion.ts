// SPDX-License-Identifier: MIT
// One thing that may help, with its reasons. 'Not this one' shows the next of the same step, then the neutral sentence;
// what is put aside is forgotten with the page.
import { h } from "./dom";
import type { Model } from "./model";
import type { Offered, Reason, SuggestionFigure, Turn, Values } from "./types";

export function suggestionSection(m: Model): HTMLElement | null {
  const figure = m.doc.figures.find((f): f is SuggestionFigure => f.kind === "suggestion");
  if (!figure) return null;
  const { speak } = m;
  const place = h("div", { class: "offer", "aria-live": "polite" });
  const show = (index: number, byHand: boolean): void => {
    const offered = figure.data.offered[index];
    place.replaceChildren(offered ? card(m, figure, offered, () => show(index + 1, true))
      : neutral(m, figure, index > 0 ? () => show(0, true) : null));
    if (byHand) place.querySelector("h3")?.focus();
  };
  show(0, false);
  return h("section", { id: "next", class: "next", "aria-labelledby": "next-title" },
    h("h2", { id: "next-title" }, speak.text("next.title")),
    h("p", { class: "lead" }, speak.text("next.lead")), place, before(m));
}

function neutral(m: Model, figure: SuggestionFigure, again: (() => void) | null): HTMLElement {
  return h("div", { class: "card neutral" }, h("h3", { tabindex: "-1" }, m.speak.text("next.none")),
    h("p", {}, m.speak.text(figure.data.neutral_key)), again && button(m, "next.again", again));
}

function button(m: Model, key: string, act: () => void): HTMLElement {
  const element = h("button", { type: "button", class: "put-aside" }, m.speak.text(key));
  element.addEventListener("click", act);
  return element;
}

function card(m: Model, figure: SuggestionFigure, o: Offered, aside: () => void): HTMLElement {
  const { speak } = m;
  const own = (part: "title" | "text" | "change"): string => o[part] ?? speak.text(`${o.text_key}.${part}`, o.values);
  return h("article", { class: "card suggestion" },
    h("p", { class: "step" }, figure.data.step && speak.text(`guide.step.${figure.data.step}`)),
    h("h3", { tabindex: "-1" }, own("title")),
    h("p", { class: "say" }, own("text")),
    h("p", { class: "hedge" }, speak.text(`guide.hedge.${o.grade}`)),
    h("div", { class: "grounds" },
      o.practice !== null && practice(m, o.practice),
      h("section", { class: "because" }, h("h4", {}, speak.text("next.why")),
        h("ul", {}, ...reasons(m, o)), turns(m, o),
        h("p", { class: "grade" }, `${speak.text("why.grade")}: ${speak.text(`grade.${o.grade}`)}`,
          o.mechanism && h("span", { class: "mechanism" }, ` (${o.mechanism})`)),
        o.source && h("p", { class: "source" }, speak.text("next.source", { source: o.source }))),
      h("section", { class: "change" }, h("h4", {}, speak.text("next.change")), h("p", {}, own("change")))),
    h("p", { class: "choice" }, speak.text("guide.choice")),
    button(m, "next.not_this", aside));
}

function practice(m: Model, id: string): HTMLElement {
  const row = (part: string): Node[] => {
    const text = m.speak.say(`practice.${id}.${part}`);
    return text ? [h("dt", {}, m.speak.text(`next.practice.${part}`)), h("dd", {}, text)] : [];
  };
  return h("section", { class: "practice" }, h("h4", {}, m.speak.text("next.practice")),
    h("p", { class: "name" }, m.speak.say(`practice.${id}.name`) ?? id),
    h("dl", {}, ...["do", "time", "helped", "not"].flatMap(row)));
}

function reasons(m: Model, o: Offered): HTMLElement[] {
  const said = o.why.map((r) => reason(m, r)).filter((text) => text !== "");
  return [...new Set(said)].map((text) => h("li", {}, text));
}

function reason(m: Model, r: Reason): string {
  const { speak } = m;
  if ("series" in r) {
    const who = r.about === "ab" ? "" : ` (${m.name(r.about)})`;
    const measure = `${speak.say(`${r.series}.name`) ?? r.series}${who}`;
    return speak.text(`guide.reason.${r.direction}`, { measure, from: r.from, to: r.to });
  }
  if ("episode" in r)
    return speak.text(`guide.reason.${r.role}`, { name: r.about ? m.name(r.about) : "", from: r.from, to: r.to });
  const f = m.doc.findings.find((x) => x.id === r.finding);
  if (!f) return "";
  const values: Values = { a: m.name("a"), b: m.name("b"), name: m.name(f.about), other: m.name(f.about === "a" ? "b" : f.about === "b" ? "a" : "ab"),
    estimate: f.estimate, lo: f.lo, hi: f.hi, n: f.n, base_rate: f.base_rate, ...f.values };
  return speak.say(f.status === "not_enough_data" ? `${f.text_key}.not_enough` : f.text_key, values, f.unit) ?? "";
}

function turns(m: Model, o: Offered): HTMLElement | null {
  const cited = o.turns.map((id) => m.turns.get(id)).filter((t): t is Turn => t !== undefined)
    .sort((x, y) => String(x.t).localeCompare(String(y.t), undefined, { numeric: true }));
  if (!cited.length) return null;
  return h("ol", { class: "said" }, ...cited.map((t) => h("li", {},
    h("p", { class: "stamp" }, h("span", { class: `dot ${t.sender}`, "aria-hidden": "true" }), `${m.name(t.sender)}, ${m.speak.time(t.t)}`),
    t.text === null ? h("p", { class: "hidden" }, t.words === null ? m.speak.text("examples.none") : m.speak.text("examples.hidden", { words: t.words }))
      : h("blockquote", { dir: "auto" }, t.text))));
}

/** Practices that were logged: before and after. */
function before(m: Model): HTMLElement | null {
  const logged = m.doc.findings.filter((f) => f.id.startsWith("practice_") && f.status !== "not_shown");
  if (!logged.length) return null;
  const text = (f: typeof logged[number]): string => reason(m, { finding: f.id });
  return h("section", { class: "card before", "aria-labelledby": "next-before" },
    h("h3", { id: "next-before" }, m.speak.text("practice_moved.name")),
    h("ul", { class: "says" }, ...logged.map((f) => h("li", { class: f.about }, h("span", { class: `dot ${f.about}`, "aria-hidden": "true" }), h("span", {}, text(f))))),
    h("p", { class: "how" }, m.speak.text("practice_moved.how")));
}
