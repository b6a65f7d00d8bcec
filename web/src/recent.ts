// SPDX-License-Identifier: MIT
// The newest weeks of each small signal, beside that person's own usual: one glance before the details.
import * as Plot from "@observablehq/plot";
import { responsive, symbolOf, tableDetails } from "./chart";
import { h } from "./dom";
import { label, part, type Model } from "./model";
import { placeOf } from "./sections";
import type { About, Finding } from "./types";

interface Row { key: string; label: string; partner: About; at: number; f: Finding }

const PLACES = new Set(["warm", "response", "short", "uptake"]);
const REACH = 3; // half widths of the own band; what lies further is drawn at the edge and written out in the table

/** Where the newest value lies: 0 is the own usual, -1 and 1 are the ends of its band. Times are compared as ratios. */
function position(f: Finding): number | null {
  const { usual, usual_lo, usual_hi } = f.values;
  if (f.estimate === null || typeof usual !== "number" || typeof usual_lo !== "number" || typeof usual_hi !== "number") return null;
  const scale = f.unit === "min" && Math.min(f.estimate, usual_lo) > 0 ? Math.log : (x: number): number => x;
  const off = scale(f.estimate) - scale(usual);
  const side = off < 0 ? scale(usual) - scale(usual_lo) : scale(usual_hi) - scale(usual);
  return off === 0 ? 0 : side > 0 ? off / side : null;
}

export function recentSection(m: Model): HTMLElement | null {
  const { speak } = m;
  const rows: Row[] = m.measures.filter((x) => PLACES.has(placeOf(x))).flatMap((x) => x.findings
    .filter((f) => part(f) === "recent")
    .map((f) => ({ key: x.key, label: label(m, x.findings[0] ?? f), partner: f.about, at: position(f), f }))
    .filter((r): r is Row => r.at !== null));
  if (!rows.length) return null;
  const keys = [...new Set(rows.map((r) => r.key))];
  const labelOf = (key: string): string => rows.find((r) => r.key === key)?.label ?? key;
  const partners = [...new Set(rows.map((r) => r.partner))];
  const clamp = (x: number): number => Math.min(Math.max(x, -REACH), REACH);
  const number = (v: unknown, f: Finding): string => typeof v === "number" ? speak.number(v, f.unit) : "–";
  const draw = (width: number): Element => {
    const beside = width > 560;
    return Plot.plot({
      width, height: keys.length * (beside ? 36 : 48) + 34, marginLeft: beside ? 210 : 8, marginRight: 12, marginTop: 4, marginBottom: 28,
      style: { background: "none", color: "var(--ink-2)", fontFamily: "inherit", fontSize: "11.5px" },
      x: { domain: [-REACH - .3, REACH + .3], axis: null },
      y: { type: "band", domain: keys, axis: null, padding: 0 },
      marks: [
        Plot.rect([0], { x1: -1, x2: 1, fill: "var(--ab)", fillOpacity: .14 }),
        Plot.ruleX([0], { stroke: "var(--line-2)" }),
        Plot.ruleY(keys.slice(1), { y: (k: string) => k, dy: beside ? -18 : -24, stroke: "var(--line)" }),
        Plot.text(keys, { x: -REACH - .3, y: (k: string) => k, text: labelOf, textAnchor: beside ? "end" : "start", dx: beside ? -14 : 2,
          dy: beside ? 0 : -14, fill: "var(--ink)", fontSize: 13 }),
        ...["a", "b", "ab"].map((p) => Plot.dot(rows.filter((r) => r.partner === p), { x: (r: Row) => clamp(r.at), y: "key",
          dy: (beside ? 0 : 8) + (p === "ab" ? 0 : p === "a" ? -6 : 6), r: 5, symbol: symbolOf(p as About), stroke: `var(--${p})`, strokeWidth: 1.8,
          fill: (r: Row) => r.f.status === "seen" ? `var(--${p})` : "var(--card)" })),
        Plot.text([["recent.axis.less", -REACH + .9], ["recent.axis.usual", 0], ["recent.axis.more", REACH - .9]],
          { x: (d: [string, number]) => d[1], text: (d: [string, number]) => speak.text(d[0]), frameAnchor: "bottom", dy: 20,
            textAnchor: "middle", fill: "var(--ink-2)" }),
      ],
    });
  };
  const title = speak.text("recent.title");
  return h("section", { class: "measure recent", "aria-labelledby": "recent-title" },
    h("h3", { id: "recent-title" }, title), h("p", { class: "what" }, speak.text("recent.lead")),
    h("figure", { class: "intervals" },
      h("p", { class: "legend" }, ...partners.map((p) => h("span", { class: "who" },
        h("span", { class: `dot ${p}`, "aria-hidden": "true" }), m.name(p)))),
      responsive(draw, `${title}. ${rows.map((r) => `${r.label}, ${m.name(r.partner)}: ${number(r.f.estimate, r.f)}, ${
        speak.text("chart.usual.word")} ${number(r.f.values.usual_lo, r.f)} – ${number(r.f.values.usual_hi, r.f)}`).join("; ")}`),
      tableDetails(m, title, [speak.text("table.what"), speak.text("table.who"), speak.text("recent.now"), speak.text("table.usual")],
        rows.map((r) => [r.label, m.name(r.partner), number(r.f.estimate, r.f),
          `${number(r.f.values.usual_lo, r.f)} – ${number(r.f.values.usual_hi, r.f)}`]))));
}
