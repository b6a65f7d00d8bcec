// SPDX-License-Identifier: MIT
// Documents that the page must show well, all made from one full one.
const copy = (document) => structuredClone(document);

/** The other person is held back, as the consent table asks in solo mode. */
export function solo(full) {
  const d = copy(full);
  d.consent = { level: "solo", declared_by: null, date: null, protocol: null };
  for (const f of d.findings.filter((x) => x.about !== "a"))
    Object.assign(f, { status: "not_shown", estimate: null, lo: null, hi: null, level: null, n: null, base_rate: null, examples: [], values: {} });
  for (const figure of d.figures) {
    if (figure.kind === "series") figure.data.lines = figure.data.lines.filter((l) => l.partner === "a");
    if (figure.kind === "bars") figure.data.bars = figure.data.bars.filter((b) => b.partner === "a");
    if (figure.kind === "loop")
      for (const s of figure.data.stations) s.findings = s.findings.filter((id) => id.endsWith(".a"));
    if (figure.kind === "loop" && figure.data.positions) figure.data.positions.b = null;
    if (figure.kind === "pillars")
      for (const p of figure.data.pillars) p.findings = p.findings.filter((id) => id.endsWith(".a"));
    if (figure.kind === "episodes")
      for (const e of figure.data.episodes)
        for (const role of ["raised_need", "pursues", "withdraws", "repairs"]) e[role] = e[role] === "b" ? null : e[role] === "both" ? "a" : e[role];
  }
  for (const turn of d.turns) if (turn.sender === "b") turn.text = null;
  for (const figure of d.figures)
    if (figure.kind === "suggestion") Object.assign(figure.data, { state: "neutral", audience: "me", step: null, offered: [] });
  return d;
}

/** Nothing could be said. */
export function thin(full) {
  const d = copy(full);
  for (const f of d.findings)
    Object.assign(f, { status: "not_enough_data", estimate: null, lo: null, hi: null, level: null, base_rate: null, examples: [], n: 3 });
  d.figures = d.figures.filter((f) => f.kind === "loop");
  for (const figure of d.figures) Object.assign(figure.data, { arrows: undefined, positions: undefined });
  for (const s of d.figures[0]?.data.stations ?? []) Object.assign(s, { state: "not_enough_data", findings: [] });
  d.turns = [];
  return d;
}

export function empty(full) {
  const d = copy(full);
  Object.assign(d, { findings: [], figures: [], turns: [], limits: [] });
  Object.assign(d.record, { messages: 2, turns: 2, exchanges: 1, exchange_gap_min: null, first: null, last: null, language: {} });
  return d;
}

/** Words that would like to be markup. */
export const HOSTILE = "</script><img src=\"http://example.invalid/x\" onerror=\"window.harmed=1\"><script>window.harmed=1</script>";
export function hostile(full) {
  const d = copy(full);
  d.record.partners[0].name = `Ann ${HOSTILE}`;
  d.record.files = [HOSTILE];
  for (const turn of d.turns) turn.text = HOSTILE;
  return d;
}

/** Measures and keys that this page has never heard of, and a danger count without its counterpart. */
export function unknown(full) {
  const d = copy(full);
  d.findings = d.findings.filter((f) => !f.id.startsWith("answered."));
  d.findings.push({ ...copy(full.findings[0]), id: "new_measure.a", text_key: "new_measure", mechanism: "S99", unit: "furlongs", examples: [] });
  return d;
}
