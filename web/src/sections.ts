// SPDX-License-Identifier: MIT
// Which measure stands where. Known measures are named; others follow their mechanism (doc/schema/findings.md).
import type { Measure, Model } from "./model";

export type Place = "pillars" | "cycle" | "warm" | "response" | "tone" | "short" | "uptake" | "time" | "balance" | "profile" | "next" | "more";

const NAMED: Record<string, Place> = {
  answered: "warm", question_answered: "warm",
  unanswered: "response", reply_time: "response",
  tone: "tone",
  exchange_turns: "short", words_per_turn: "short",
  uptake: "uptake", follow_up: "uptake",
  messages: "time", exchanges: "time", words: "time", burstiness: "time",
  initiation: "balance", volume: "balance", messages_per_turn: "balance", double_text: "balance", questions: "balance",
  pronoun_i: "balance", pronoun_you: "balance", pronoun_we: "balance",
  style_matching: "balance", coordination: "balance", length_match: "balance",
};
/** Measures whose course over time is drawn at once; the others unfold it. */
const CHARTED = new Set(["answered", "reply_time", "exchange_turns", "words_per_turn", "uptake", "messages", "exchanges"]);
export const charted = (measure: Measure): boolean => measure.figure !== null && CHARTED.has(measure.key);
const BY_MECHANISM: [RegExp, Place][] = [
  [/\bS(40|48|57|20)\b/, "warm"], [/\bS32\b/, "tone"], [/\bS33\b/, "short"], [/\bS34\b/, "uptake"], [/\bS31\b/, "response"],
  [/\bS53\b/, "time"], [/\bS(74|44|59)\b/, "balance"],
];

export function placeOf(measure: Measure): Place {
  const named = NAMED[measure.key];
  if (named) return named;
  if (/^(profile|change|behaviour)_/.test(measure.key)) return "profile";
  if (/^practice_/.test(measure.key)) return "next";
  if (/^pillar_/.test(measure.key)) return "pillars";
  if (/^(cycle|episodes|phase_|repair_|escalation|position|roles?_)/.test(measure.key)) return "cycle";
  const mechanism = measure.findings[0]?.mechanism ?? "";
  for (const [pattern, place] of BY_MECHANISM) if (pattern.test(mechanism)) return place;
  return measure.figure && !measure.findings.length ? "time" : "more";
}

/** The measures of a place; those with their course drawn come first. */
export const at = (m: Model, place: Place): Measure[] => {
  const rank = (x: Measure): number => charted(x) ? 1 : 2;
  return m.measures.filter((x) => placeOf(x) === place && (x.findings.length > 0 || charted(x))).sort((x, y) => rank(x) - rank(y));
};

/** A count of what went unanswered is never shown without what was answered. */
export function counterpart(m: Model, measure: Measure): Measure | null {
  if (!/^unanswered/.test(measure.key)) return null;
  return m.measures.find((x) => x.key === measure.key.replace(/^un/, "") && x.findings.length > 0) ?? null;
}
export const mayStand = (m: Model, measure: Measure): boolean =>
  !/^unanswered/.test(measure.key) || counterpart(m, measure) !== null;
