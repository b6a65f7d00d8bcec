// SPDX-License-Identifier: MIT
// The document with what the page looks up in it.
import type { Speaker } from "./lang";
import type { About, Figure, Finding, Partner, PartnerInfo, Report, SeriesFigure, Turn, Values } from "./types";

/** All findings of one measure: the part of the id before the first dot. */
export interface Measure {
  key: string;
  findings: Finding[];
  figure: SeriesFigure | null;
}

export interface Model {
  doc: Report;
  speak: Speaker;
  partners: PartnerInfo[];
  measures: Measure[];
  turns: Map<string, Turn>;
  name(about: About): string;
}

export function model(doc: Report, speak: Speaker): Model {
  const measures = new Map<string, Measure>();
  for (const finding of doc.findings) {
    const key = finding.id.split(".")[0] ?? finding.id;
    let measure = measures.get(key);
    if (!measure) measures.set(key, measure = { key, findings: [], figure: seriesOf(doc.figures, key) });
    measure.findings.push(finding);
  }
  for (const figure of doc.figures)
    if (figure.kind === "series" && !measures.has(figure.id.split(".")[0] ?? ""))
      measures.set(figure.id, { key: figure.id, findings: [], figure });
  for (const measure of measures.values()) measure.findings.sort((x, y) => order(x) - order(y));
  const partners = doc.record.partners;
  const name = (about: About): string => about === "ab" ? speak.text("both")
    : partners.find((p) => p.key === about)?.name ?? about.toUpperCase();
  return { doc, speak, partners, measures: [...measures.values()], turns: new Map(doc.turns.map((t) => [t.id, t])), name };
}

/** a before b before both; within one, the whole record before its parts. */
const order = (f: Finding): number => ({ a: 0, b: 2, ab: 4 })[f.about] + (part(f) ? 1 : 0);

function seriesOf(figures: Figure[], key: string): SeriesFigure | null {
  return figures.find((f): f is SeriesFigure => f.kind === "series" && f.id.split(".")[0] === key) ?? null;
}

const other = (about: About): About => about === "a" ? "b" : about === "b" ? "a" : "ab";
export const isPartner = (about: About): about is Partner => about !== "ab";

export function names(m: Model): Values {
  return { a: m.name("a"), b: m.name("b") };
}

/** Keys that say why there is not enough data. */
const REASONS = new Set(["not_for_language", "date_ambiguous"]);

/** A part of a measure: `reply_time.a.recent` is the part `recent`. */
export const part = (f: Finding): string | null => f.id.split(".")[2] ?? null;

/** What a finding says, in words: its own sentence, or a plain one made of its numbers. */
export function sentence(m: Model, f: Finding): string {
  const values: Values = { ...names(m), name: m.name(f.about), other: m.name(other(f.about)),
    estimate: f.estimate, lo: f.lo, hi: f.hi, n: f.n, base_rate: f.base_rate, level: f.level, ...f.values };
  const say = (key: string): string | null => m.speak.say(key, values, f.unit);
  if (f.status === "not_shown") return m.speak.text("not_shown");
  if (f.status === "not_enough_data")
    return say(`${f.text_key}.not_enough`) ?? (REASONS.has(f.text_key) ? say(f.text_key) : null) ?? m.speak.text(f.about === "ab" ? "not_enough.ab" : "not_enough", values);
  return say(f.text_key) ??
    m.speak.say(f.lo === null || f.hi === null ? "generic.point" : "generic",
      { ...values, label: `${label(m, f)}, ${m.name(f.about)}` }, f.unit) ?? "";
}

/** The short name of a measure, for headings and tables. */
export function label(m: Model, f: Finding): string {
  const named = f.values.title; // by the data: the scale of a questionnaire
  if (typeof named === "string" && named) return named.charAt(0).toUpperCase() + named.slice(1);
  return m.speak.say(`${f.text_key}.name`) ?? measureName(m, f.id.split(".")[0] ?? f.id);
}
export function measureName(m: Model, key: string): string {
  const plain = key.replaceAll("_", " ");
  return m.speak.say(`${key}.name`) ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}
