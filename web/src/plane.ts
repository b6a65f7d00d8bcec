// SPDX-License-Identifier: MIT
// Two dimensions with their uncertainty: a point, two intervals and a region for each partner. The four quarters are a second view, folded.
import * as Plot from "@observablehq/plot";
import { responsive, symbolOf, tableDetails } from "./chart";
import { h } from "./dom";
import { measureCard } from "./finding";
import type { Model } from "./model";
import { at } from "./sections";
import type { PlaneData, PlaneFigure, PlanePoint } from "./types";

const QUARTERS = ["low_both", "higher_anxiety", "higher_avoidance", "high_both"] as const;
const isPlane = (f: { kind: string }): f is PlaneFigure => f.kind === "plane";

export function profileSection(m: Model): HTMLElement | null {
  const planes = m.doc.figures.filter(isPlane);
  const cards = at(m, "profile");
  if (!planes.length && !cards.length) return null;
  const { speak } = m;
  const changes = cards.filter((c) => c.key.startsWith("change_"));
  const behaviour = cards.filter((c) => c.key.startsWith("behaviour_"));
  const scores = cards.filter((c) => !changes.includes(c) && !behaviour.includes(c));
  // Without answers there is nothing for the behaviour to stand beside: the cycle's positions say it.
  if (!planes.length && !scores.length && !changes.length) return null;
  return h("section", { id: "profile", "aria-labelledby": "profile-title" },
    h("h2", { id: "profile-title" }, speak.text("profile.title")),
    h("p", { class: "lead" }, speak.text("profile.lead")),
    ...planes.map((f) => planeCard(m, f)),
    h("div", { class: "cards" }, h("div", { class: "columns" }, ...scores.map((c) => measureCard(m, c, { sentencesOnly: planes.length > 0 })))),
    changes.length > 0 && group(m, "profile.change", changes),
    behaviour.length > 0 && group(m, "profile.behaviour", behaviour));
}

function group(m: Model, key: string, cards: ReturnType<typeof at>): HTMLElement {
  return h("section", { class: "beside-profile" }, h("h3", {}, m.speak.text(`${key}.title`)), h("p", { class: "lead" }, m.speak.text(`${key}.lead`)),
    h("div", { class: "cards" }, h("div", { class: "columns" },
      ...cards.map((c) => measureCard(m, c, { heading: "h4", sentencesOnly: key === "profile.change" })))));
}

function planeCard(m: Model, figure: PlaneFigure): HTMLElement {
  const { data } = figure;
  const { speak } = m;
  const title = speak.say(figure.title_key) ?? speak.text("profile.plane");
  const partners = [...new Set(data.points.map((p) => p.partner))].sort();
  const drawn = data.points.length > 0;
  return h("section", { class: "measure plane" },
    h("h3", {}, title), h("p", { class: "form" }, data.form, !data.validated && ` · ${speak.text("profile.not_validated")}`),
    !drawn && h("p", { class: "quiet" }, speak.text("profile.no_point")),
    drawn && h("figure", {},
      h("p", { class: "legend" }, ...partners.map((p) => h("span", { class: "who" }, h("span", { class: `dot ${p}`, "aria-hidden": "true" }), m.name(p)))),
      h("div", { class: "square" }, responsive((width) => planePlot(m, data, width), alternative(m, title, data))),
      h("figcaption", {}, speak.text(data.cuts.norm_median ? "profile.key.norm" : "profile.key")),
      tableDetails(m, title, [speak.text("table.who"), speak.text("profile.when"), data.x_title, data.y_title], data.points.map((p) => [
        m.name(p.partner), said(p), range(m, p.x, p.x_interval), range(m, p.y, p.y_interval)]))),
    drawn && quarters(m, data));
}

/** Never 0 or 100 %: that would claim too much. */
const chance = (m: Model, p: number): string =>
  p < .01 ? `< ${m.speak.number(.01, "percent")}` : p > .99 ? `> ${m.speak.number(.99, "percent")}` : m.speak.number(p, "percent");
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const said = (p: PlanePoint): string => [p.occasion, p.target].filter(Boolean).join(", ") || "–";
const range = (m: Model, x: number, [lo, hi]: [number | null, number | null]): string =>
  lo === null || hi === null ? m.speak.number(x, "2") : `${m.speak.number(x, "2")} (${m.speak.number(lo, "2")} – ${m.speak.number(hi, "2")})`;

function alternative(m: Model, title: string, data: PlaneData): string {
  return `${title}. ${data.points.map((p) => m.speak.text("profile.alt", { name: m.name(p.partner), when: said(p) === "–" ? "" : `, ${said(p)}`,
    x_title: data.x_title, y_title: data.y_title, x: range(m, p.x, p.x_interval), y: range(m, p.y, p.y_interval) })).join(" ")}`;
}

/** The later a sheet, the stronger its ink. */
function strength(data: PlaneData, p: PlanePoint): number {
  const mine = data.points.filter((q) => q.partner === p.partner && q.target === p.target);
  return mine.length < 2 ? 1 : .4 + .6 * mine.indexOf(p) / (mine.length - 1);
}

/** The outline of the 95 % region of both errors, cut at the edges of the scale. */
function region(data: PlaneData, p: PlanePoint): { x: number; y: number }[] {
  const [rx, ry] = p.ellipse;
  if (rx === null || ry === null) return [];
  const clip = (v: number, [lo, hi]: [number, number]): number => Math.min(Math.max(v, lo), hi);
  return Array.from({ length: 73 }, (_, i) => i * Math.PI / 36).map((t) => ({
    x: clip(p.x + rx * Math.cos(t), data.x_range), y: clip(p.y + ry * Math.sin(t), data.y_range) }));
}

function planePlot(m: Model, data: PlaneData, width: number): Element {
  const side = Math.min(width, 520);
  const corner = (x: number, y: number, key: string, anchor: "start" | "end", dy: number): Plot.Markish =>
    Plot.text([key], { x: () => x, y: () => y, text: (k: string) => m.speak.text(`quarter.${k}`), textAnchor: anchor, dx: anchor === "start" ? 7 : -7, dy,
      fill: "var(--ink-2)", fontSize: 11.5, fontStyle: "italic" });
  const [x0, x1] = data.x_range;
  const [y0, y1] = data.y_range;
  const [cx, cy] = data.cuts.midpoint;
  const norm = data.cuts.norm_median;
  const trails = [...new Set(data.points.map((p) => `${p.partner}|${p.target ?? ""}`))]
    .map((key) => data.points.filter((p) => `${p.partner}|${p.target ?? ""}` === key)).filter((t) => t.length > 1);
  return Plot.plot({
    width: side, height: side * .92, marginLeft: 46, marginBottom: 44, marginTop: 10, marginRight: 12,
    style: { background: "none", color: "var(--ink-2)", fontFamily: "inherit", fontSize: "11.5px" },
    x: { domain: data.x_range, label: `${upper(data.x_title)} →`, labelAnchor: "center", tickSize: 0, ticks: 5 },
    y: { domain: data.y_range, label: `↑ ${upper(data.y_title)}`, labelAnchor: "center", tickSize: 0, ticks: 5 },
    marks: [
      Plot.frame({ stroke: "var(--line-2)" }),
      Plot.ruleX([cx], { stroke: "var(--line-2)" }), Plot.ruleY([cy], { stroke: "var(--line-2)" }),
      norm ? Plot.ruleX([norm[0]], { stroke: "var(--ring)", strokeDasharray: "2 4" }) : null,
      norm ? Plot.ruleY([norm[1]], { stroke: "var(--ring)", strokeDasharray: "2 4" }) : null,
      corner(x0, y0, "low_both", "start", -9), corner(x1, y0, "higher_anxiety", "end", -9),
      corner(x0, y1, "higher_avoidance", "start", 11), corner(x1, y1, "high_both", "end", 11),
      ...data.points.filter((p) => strength(data, p) === 1).map((p) => Plot.line(region(data, p), { x: "x", y: "y", curve: "linear-closed",
        fill: `var(--${p.partner})`, fillOpacity: .13, stroke: `var(--${p.partner})`, strokeOpacity: .35 })),
      ...trails.map((t) => Plot.line(t, { x: "x", y: "y", stroke: `var(--${t[0]?.partner})`, strokeOpacity: .5, strokeDasharray: "1 4", strokeLinecap: "round" })),
      ...data.points.map((p) => [
        Plot.ruleY([p], { y: "y", x1: () => p.x_interval[0] ?? p.x, x2: () => p.x_interval[1] ?? p.x, stroke: `var(--${p.partner})`, strokeWidth: 2,
          strokeOpacity: strength(data, p) }),
        Plot.ruleX([p], { x: "x", y1: () => p.y_interval[0] ?? p.y, y2: () => p.y_interval[1] ?? p.y, stroke: `var(--${p.partner})`, strokeWidth: 2,
          strokeOpacity: strength(data, p) }),
        Plot.dot([p], { x: "x", y: "y", r: 5.5, symbol: symbolOf(p.partner), fill: `var(--${p.partner})`,
          fillOpacity: strength(data, p), stroke: "var(--card)", strokeWidth: 1.5 }),
      ]).flat(),
    ],
  });
}

/** Chances of the four quarters under both cuts: they depend on the cut, which is why both stand here. */
function quarters(m: Model, data: PlaneData): HTMLElement | null {
  const known = data.points.filter((p) => p.quadrants.midpoint);
  if (!known.length) return null;
  const last = known.filter((p) => !known.some((q) => q !== p && q.partner === p.partner && q.target === p.target && known.indexOf(q) > known.indexOf(p)));
  const head = ["", ...last.flatMap((p) => [`${m.name(p.partner)}${p.target ? `, ${p.target}` : ""}: ${m.speak.text("profile.cut.middle")}`,
    ...(p.quadrants.norm_median ? [`${m.name(p.partner)}: ${m.speak.text("profile.cut.norm")}`] : [])])];
  const rows = QUARTERS.map((q) => [m.speak.text(`quarter.${q}`), ...last.flatMap((p) => [
    chance(m, p.quadrants.midpoint?.[q] ?? NaN), ...(p.quadrants.norm_median ? [chance(m, p.quadrants.norm_median[q])] : [])])]);
  const table = tableDetails(m, m.speak.text("profile.quarters"), head, rows);
  table.querySelector("summary")?.replaceChildren(m.speak.text("profile.quarters"));
  table.prepend(table.querySelector("summary") as Node);
  table.querySelector(".scroll")?.before(h("p", { class: "lead" }, m.speak.text("profile.quarters.lead")));
  return table;
}
