// SPDX-License-Identifier: MIT
// One measure on the page: what it says of each partner, its figure, its examples, how it is known.
import { h } from "./dom";
import { intervalFigure, seriesFigure, type Interval } from "./chart";
import { label, measureName, part, sentence, type Measure, type Model } from "./model";
import { charted } from "./sections";
import type { Finding, SeriesFigure } from "./types";

/** At most three examples of a measure are ever shown, whatever the document holds. */
const EXAMPLES = 3;

export interface MeasureOptions {
  heading?: "h3" | "h4";
  /** The sentences carry the estimates; no second drawing of them. */
  sentencesOnly?: boolean;
}

export function measureCard(m: Model, measure: Measure, options: MeasureOptions = {}): HTMLElement {
  const { speak } = m;
  const told = measure.findings.filter((f) => f.status !== "not_shown");
  const first = measure.findings[0];
  const title = first ? label(m, first) : speak.say(measure.figure?.title_key ?? "") ?? measureName(m, measure.key);
  const drawn = measure.figure && drawable(measure.figure) ? seriesFigure(m, measure.figure, speak.say(measure.figure.title_key) ?? title) : null;
  const wide = drawn && charted(measure);
  const figure = wide ? drawn : options.sentencesOnly ? null : intervals(m, measure, title);
  const folded = h("div", { class: "folds" }, figure?.querySelector("details.numbers"),
    drawn && !wide && h("details", { class: "course" }, h("summary", {}, speak.text("course")), drawn),
    examplesOf(m, told), told.length > 0 && why(m, told));
  figure?.append(folded);
  return h("section", { class: wide ? "measure wide" : "measure", "data-measure": measure.key },
    h(options.heading ?? "h3", {}, title),
    says(m, measure.findings),
    figure ?? folded);
}

/** Does it say something? */
export const tells = (f: Finding): boolean => f.status === "seen" || f.status === "hypothesis";

/** The sentences; a part ("in the last weeks") stands below its whole. What is held back is said once a section. */
export function says(m: Model, findings: Finding[]): HTMLElement {
  return h("ul", { class: "says" },
    ...findings.filter((f) => f.status !== "not_shown").map((f) => h("li", { class: `${f.about} ${f.status}${part(f) ? " part" : ""}` },
      h("span", { class: `dot ${f.about}`, "aria-hidden": "true" }), h("span", {}, sentence(m, f)))));
}

/** Measures of which nothing can be said yet: their names and why, in one box. */
export function silentCard(m: Model, measures: Measure[]): HTMLElement {
  return h("section", { class: "measure silent" }, h("h3", {}, m.speak.text("silent")),
    h("dl", {}, ...measures.flatMap((x) => {
      const reasons = new Set(x.findings.filter((f) => f.status === "not_enough_data" && !part(f)).map((f) => sentence(m, f)));
      return x.findings[0] ? [h("dt", {}, label(m, x.findings[0])), ...[...reasons].map((r) => h("dd", {}, r))] : [];
    })));
}

const drawable = (figure: SeriesFigure): boolean => figure.data.lines.some((l) => l.value.some((v) => v !== null));

/** Estimates of both partners on one scale. */
function intervals(m: Model, measure: Measure, title: string): HTMLElement | null {
  const unit = measure.findings[0]?.unit ?? null;
  const rows: Interval[] = measure.findings.filter((f) => !part(f) && f.estimate !== null && f.lo !== null && f.hi !== null && f.unit === unit)
    .map((f) => ({ key: measure.key, label: title, partner: f.about, value: f.estimate as number, lo: f.lo, hi: f.hi, n: f.n }));
  return rows.length > 1 && new Set(rows.map((r) => r.partner)).size === rows.length ? intervalFigure(m, rows, unit, title) : null;
}

export function examplesOf(m: Model, findings: Finding[]): HTMLElement | null {
  const ids = [...new Set(interleave(findings.map((f) => f.examples)))].slice(0, EXAMPLES);
  const turns = ids.map((id) => m.turns.get(id)).filter((t) => t !== undefined)
    .sort((x, y) => String(x.t).localeCompare(String(y.t), undefined, { numeric: true }));
  if (!turns.length) return null;
  return h("details", { class: "examples" },
    h("summary", {}, m.speak.text(turns.length === 1 ? "examples.one" : "examples")),
    h("ol", {}, ...turns.map((turn) => h("li", {},
      h("p", { class: "stamp" }, h("span", { class: `dot ${turn.sender}`, "aria-hidden": "true" }),
        `${m.name(turn.sender)}, ${m.speak.time(turn.t)}`),
      turn.text === null
        ? h("p", { class: "hidden" }, turn.words === null ? m.speak.text("examples.none") : m.speak.text("examples.hidden", { words: turn.words }))
        : h("blockquote", { dir: "auto" }, turn.text)))));
}

/** One from each list in turn, so that both partners are heard. */
function interleave<T>(lists: T[][]): T[] {
  const out: T[] = [];
  for (let i = 0; lists.some((l) => i < l.length); i++) for (const l of lists) if (i < l.length) out.push(l[i] as T);
  return out;
}

function why(m: Model, findings: Finding[]): HTMLElement | null {
  const { speak } = m;
  const lines = findings.map((f) => {
    const parts = [
      f.n !== null && speak.text("why.n", { n: f.n }),
      f.estimate !== null && f.lo !== null && f.hi !== null && f.level !== null &&
        speak.say("why.interval", { lo: f.lo, hi: f.hi, level: f.level }, f.unit),
      f.base_rate !== null && speak.say("why.base", { base_rate: f.base_rate }, f.unit),
    ].filter((p): p is string => typeof p === "string");
    return parts.length ? h("li", {}, h("strong", {}, m.name(f.about)), part(f) && `, ${speak.say(`part.${part(f)}`) ?? part(f)}`,
      ` · ${speak.text(`status.${f.status}`)}. ${parts.join(" ")}`) : null;
  }).filter((l) => l !== null);
  const first = findings[0];
  if (!lines.length || !first) return null;
  const definition = speak.say(`${first.text_key}.how`);
  return h("details", { class: "why" }, h("summary", {}, speak.text("why")),
    definition && h("p", {}, definition),
    h("ul", {}, ...lines),
    h("p", { class: "grade" }, `${speak.text("why.grade")}: ${speak.text(`grade.${first.grade}`)}`,
      first.mechanism && h("span", { class: "mechanism" }, ` (${first.mechanism})`)));
}
