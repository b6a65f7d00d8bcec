// SPDX-License-Identifier: MIT
// How a pair moves: fans of futures and bands along an axis, and the plane of two quantities.
import * as Plot from "@observablehq/plot";
import { responsive, tableDetails } from "./chart";
import { h } from "./dom";
import type { Model } from "./model";
import type { FanData, FanFigure, FanLine, FanPanel, PortraitData, PortraitFigure, PortraitPoint } from "./types";

const BASE = { background: "none", color: "var(--ink-2)", fontFamily: "inherit", fontSize: "11.5px" };
const TABLE_ROWS = 40;
const finite = (values: (number | null | undefined)[]): number[] =>
  values.filter((v): v is number => typeof v === "number" && Number.isFinite(v));
const at = (values: (number | null)[] | undefined, i: number): number => values?.[i] ?? NaN;
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// ---- fans ------------------------------------------------------------------------------------

/** Panels of one figure under their marks, then the same as a table. */
export function fanFigure(m: Model, figure: FanFigure, title: string): HTMLElement {
  const { data } = figure;
  const wide = data.panels.length === 1;
  const dashed = data.panels.some((p) => p.lines.length > 1);
  return h("figure", { class: "fan" },
    data.marks.length > 0 && marksLegend(m, data),
    h("div", { class: `panels n${wide ? 1 : 2}` }, ...data.panels.map((panel) => h("div", { class: `panel ${panel.partner}` },
      h("p", { class: "panel-head" }, h("span", { class: "who" },
        panel.partner !== "ab" && h("span", { class: `dot ${panel.partner}`, "aria-hidden": "true" }), panelName(m, panel)),
        dashed && panel.lines.length > 1 && h("span", { class: "usual" }, ...panel.lines.flatMap((line, i) => [
          h("i", { class: `stroke s${i}`, "aria-hidden": "true" }), ` ${lineName(m, line)}  `]))),
      responsive((width) => fanPlot(m, data, panel, width, wide), fanAlternative(m, data, panel, title))))),
    fanTable(m, data, title));
}

export function panelName(m: Model, panel: FanPanel): string {
  const name = panel.title ?? m.speak.say(`panel.${panel.key}`) ?? panel.key ?? "";
  return panel.partner === "ab" || panel.title !== undefined ? name : `${name}, ${m.name(panel.partner)}`;
}
const lineName = (m: Model, line: FanLine): string => line.title ?? m.speak.say(line.key ?? "") ?? "";

/** The marks of the axis, numbered as they are numbered in the drawing. */
function marksLegend(m: Model, data: FanData): HTMLElement {
  return h("ol", { class: "marks" }, ...data.marks.map((mark) => h("li", {}, m.speak.text(`mark.${mark.key}`, {
    who: mark.partner === "ab" ? m.speak.text("mark.both") : m.name(mark.partner), value: mark.value, from: mark.from, to: mark.to }))));
}

function extent(panel: FanPanel): [number, number] {
  const all = finite(panel.lines.flatMap((l) => [...l.mid, ...(l.lo ?? []), ...(l.hi ?? []), ...(l.seen ?? [])])).sort((x, y) => x - y);
  const low = panel.range?.[0] ?? all[0] ?? 0;
  const high = panel.range?.[1] ?? all[all.length - 1] ?? 1;
  return high > low ? [low, high] : [low - .5, low + .5];
}

function fanPlot(m: Model, data: FanData, panel: FanPanel, width: number, wide: boolean): Element {
  const [bottom, top] = extent(panel);
  const ends: [number, number] = [data.x[0] ?? 0, data.x[data.x.length - 1] ?? 1];
  const color = `var(--${panel.partner})`;
  const rows = (line: FanLine) => data.x.map((x, i) => ({ x, mid: at(line.mid, i), lo: at(line.lo, i), hi: at(line.hi, i),
    lo50: at(line.lo50, i), hi50: at(line.hi50, i), seen: at(line.seen, i) }));
  type Row = ReturnType<typeof rows>[number];
  const say = (v: number): string => m.speak.number(v);
  const first = panel.lines[0];
  return Plot.plot({
    width, height: wide ? Math.max(210, Math.min(300, width * .34)) : Math.max(130, Math.min(180, width * .38)),
    marginLeft: 44, marginRight: 10, marginTop: data.marks.length ? 20 : 10, marginBottom: wide ? 40 : 28,
    style: BASE,
    x: { domain: ends, label: wide ? `${upper(m.speak.text(data.x_key))} →` : null, labelAnchor: "center", tickSize: 4, ticks: width < 360 ? 4 : 7, tickFormat: say },
    y: { domain: [bottom, top], label: null, ticks: 4, tickSize: 0, tickFormat: say },
    marks: [
      Plot.rect(data.marks, { x1: "from", x2: "to", y1: () => bottom, y2: () => top, fill: "var(--line-2)", fillOpacity: .32, insetLeft: -.6, insetRight: -.6 }),
      Plot.gridY({ ticks: 4, stroke: "var(--line)", strokeOpacity: 1 }),
      Plot.text(data.marks, { x: (d) => (d.from + Math.min(d.to, ends[1])) / 2, y: () => top, dy: -9, text: (_, i) => String(i + 1), fill: "var(--ink-2)", fontSize: 11 }),
      ...panel.lines.map((line) => line.lo && line.hi ? Plot.areaY(rows(line), { x: "x", y1: "lo", y2: "hi", fill: color, fillOpacity: .16, clip: true }) : null),
      ...panel.lines.map((line) => line.lo50 && line.hi50 ? Plot.areaY(rows(line), { x: "x", y1: "lo50", y2: "hi50", fill: color, fillOpacity: .24, clip: true }) : null),
      ...panel.lines.map((line, i) => Plot.line(rows(line), { x: "x", y: "mid", stroke: color, strokeWidth: 1.8, strokeLinejoin: "round",
        strokeDasharray: i ? "4 3" : undefined, clip: true })),
      ...panel.lines.map((line) => line.seen ? Plot.dot(rows(line).filter((r) => Number.isFinite(r.seen)), { x: "x", y: "seen", r: data.x.length > 150 ? 1.8 : 2.8,
        stroke: color, strokeWidth: 1.1, fill: (r: Row) => r.seen < r.lo || r.seen > r.hi ? color : "var(--card)" }) : null),
      first ? Plot.tip(rows(first), Plot.pointerX({ x: "x", y: "mid", fill: "var(--card)", stroke: "var(--line-2)", fontSize: 12,
        title: (r: Row) => `${upper(m.speak.text(data.x_key))}: ${say(r.x)}\n${say(r.mid)}${Number.isFinite(r.lo) ? ` (${say(r.lo)} – ${say(r.hi)})` : ""}` })) : null,
    ],
  });
}

function fanAlternative(m: Model, data: FanData, panel: FanPanel, title: string): string {
  const mid = finite(panel.lines[0]?.mid ?? []);
  return m.speak.text("fan.alt", { title: `${title}, ${panelName(m, panel)}`, axis: m.speak.text(data.x_key), from: data.x[0] ?? null,
    to: data.x[data.x.length - 1] ?? null, first: mid[0] ?? null, last: mid[mid.length - 1] ?? null, min: mid.length ? Math.min(...mid) : null, max: mid.length ? Math.max(...mid) : null });
}

function fanTable(m: Model, data: FanData, title: string): HTMLElement {
  const say = (v: number): string => Number.isFinite(v) ? m.speak.number(v) : "–";
  const step = Math.max(1, Math.ceil(data.x.length / TABLE_ROWS));
  const lines = data.panels.flatMap((panel) => panel.lines.map((line) => ({ line,
    name: panel.lines.length > 1 ? `${panelName(m, panel)}: ${lineName(m, line)}` : panelName(m, panel) })));
  const head = [upper(m.speak.text(data.x_key)), ...lines.map((l) => l.name)];
  const rows = data.x.map((x, i) => [say(x), ...lines.map(({ line }) => {
    const band = line.lo && line.hi && Number.isFinite(at(line.lo, i)) ? ` (${say(at(line.lo, i))} – ${say(at(line.hi, i))})` : "";
    const seen = line.seen && Number.isFinite(at(line.seen, i)) ? `; ${m.speak.text("fan.seen")} ${say(at(line.seen, i))}` : "";
    return say(at(line.mid, i)) + band + seen;
  })]).filter((_, i) => i % step === 0);
  return tableDetails(m, title, head, rows);
}

// ---- the plane -------------------------------------------------------------------------------

const GROUPS = 5;
const groupColor = (group: number): string => group < 0 ? "var(--ab)" : `var(--g${group % GROUPS})`;
const axis = (m: Model, data: PortraitData, which: "x" | "y"): string =>
  (which === "x" ? data.x_title : data.y_title) ?? m.speak.text((which === "x" ? data.x_key : data.y_key) ?? "");

/** Names of a model's states stand as they are written. */
const axisTitle = (m: Model, data: PortraitData, which: "x" | "y"): string =>
  (which === "x" ? data.x_title : data.y_title) === undefined ? upper(axis(m, data, which)) : axis(m, data, which);

export function portraitFigure(m: Model, figure: PortraitFigure, title: string, caption: string): HTMLElement {
  const { data } = figure;
  return h("figure", { class: "portrait" },
    h("div", { class: data.cells || !data.lines.length ? "broad" : "square" }, responsive((width) => portraitPlot(m, data, width), portraitAlternative(m, data, title))),
    portraitLegend(m, data),
    h("figcaption", {}, caption),
    portraitTable(m, data, title));
}

function portraitLegend(m: Model, data: PortraitData): HTMLElement | null {
  const roles = [...new Set([...data.lines.map((l) => l.role), ...data.points.map((p) => p.role)])].filter((r) => r !== "cycle_high");
  const groups = data.cells ? [...new Set(data.cells.group)].sort() : [];
  return h("ul", { class: "key" }, ...roles.map((role) => h("li", {}, h("i", { class: `mark ${role}`, "aria-hidden": "true" }), m.speak.text(`role.${role}`))),
    ...groups.map((g) => h("li", {}, h("i", { class: `swatch g${g}`, "aria-hidden": "true" }), g < 0 ? m.speak.text("role.elsewhere") : m.speak.text("role.falls", { number: g + 1 }))));
}

function portraitPlot(m: Model, data: PortraitData, width: number): Element {
  const square = !data.cells && data.lines.length > 0;
  const side = Math.min(width, square ? 540 : 760);
  const height = square ? side * .86 : Math.max(230, side * .46);
  const [x0, x1] = data.x_range;
  const [y0, y1] = data.y_range;
  const say = (v: number): string => m.speak.number(v);
  const points = (role: PortraitPoint["role"]): PortraitPoint[] => data.points.filter((p) => p.role === role);
  const dot = (role: PortraitPoint["role"], options: Plot.DotOptions): Plot.Markish =>
    Plot.dot(points(role), { x: (p: PortraitPoint) => p.at[0], y: (p: PortraitPoint) => p.at[1], clip: role === "end", ...options });
  return Plot.plot({
    width: side, height, marginLeft: 46, marginBottom: 44, marginTop: 10, marginRight: 14, style: BASE,
    x: { domain: data.x_range, label: `${axisTitle(m, data, "x")} →`, labelAnchor: "center", tickSize: 0, ticks: 6, tickFormat: say },
    y: { domain: data.y_range, label: `↑ ${axisTitle(m, data, "y")}`, labelAnchor: "center", tickSize: 0, ticks: 5, tickFormat: say },
    marks: [
      ...cells(data),
      Plot.frame({ stroke: "var(--line-2)" }),
      ...data.lines.map((line) => Plot.line(line.x.map((x, i) => ({ x: x ?? NaN, y: at(line.y, i) })), { x: "x", y: "y", clip: true, strokeLinejoin: "round", curve: line.role === "path" ? "catmull-rom" : "linear",
        ...lineStyle(line.role, line.group, data.lines.length) })),
      Plot.vector(data.lines.filter((l) => l.role === "path" || l.role === "cycle").flatMap((l) => heading(l.x, l.y, (side - 60) / (x1 - x0), (height - 54) / (y1 - y0))),
        { x: "x", y: "y", rotate: "turn", length: 9, shape: "spike", r: 3, anchor: "middle", fill: "var(--ink-2)", stroke: "none" }),
      dot("end", { r: 2.4, fill: "var(--ab)", fillOpacity: .4 }),
      dot("cycle_low", { r: 2, fill: "var(--g2)" }),
      dot("cycle_high", { r: 2, fill: "var(--g2)" }),
      dot("start", { r: 4, symbol: "square", fill: "var(--card)", stroke: "var(--ink-2)", strokeWidth: 1.4 }),
      dot("unstable", { r: square ? 5.5 : 2.6, fill: "var(--card)", stroke: "var(--ink-2)", strokeWidth: square ? 1.8 : 1.1, strokeDasharray: square ? "2 2" : undefined }),
      dot("stable", { r: square ? 8 : 2.6, fill: (p: PortraitPoint) => p.group < 0 ? "var(--sage)" : groupColor(p.group), stroke: "var(--card)", strokeWidth: square ? 1.5 : 0 }),
      square ? Plot.text(points("stable").filter((p) => p.group >= 0), { x: (p: PortraitPoint) => p.at[0], y: (p: PortraitPoint) => p.at[1],
        text: (p: PortraitPoint) => String(p.group + 1), fill: "var(--card)", fontSize: 11, fontWeight: 700 }) : null,
    ],
  });
}

function lineStyle(role: string, group: number, count: number): Plot.LineOptions {
  switch (role) {
    case "cycle": return { stroke: "var(--g2)", strokeWidth: 2.6 };
    case "nullcline": return { stroke: group ? "var(--b)" : "var(--a)", strokeWidth: group ? 1.5 : 3 };
    case "drawn": return { stroke: group ? "var(--b)" : "var(--a)", strokeWidth: 1, strokeOpacity: .13 };
    default: return { stroke: "var(--ab)", strokeWidth: count > 1 ? 1.3 : 2, strokeOpacity: count > 1 ? .75 : .95 };
  }
}

/** Two arrow heads along a line, by the way it has come; the angle is that of the screen. */
function heading(x: (number | null)[], y: (number | null)[], sx: number, sy: number): { x: number; y: number; turn: number }[] {
  const length: number[] = [0];
  for (let i = 1; i < x.length; i++) {
    const step = Math.hypot((at(x, i) - at(x, i - 1)) * sx, (at(y, i) - at(y, i - 1)) * sy);
    length.push((length[i - 1] as number) + (Number.isFinite(step) ? step : 0));
  }
  const whole = length[length.length - 1] ?? 0;
  if (whole < 40) return [];
  return (whole > 160 ? [.28, .68] : [.5]).map((share) => {
    const i = Math.max(1, length.findIndex((l) => l >= share * whole));
    const turn = Math.atan2((at(x, i) - at(x, i - 1)) * sx, (at(y, i) - at(y, i - 1)) * sy) * 180 / Math.PI;
    return { x: at(x, i), y: at(y, i), turn };
  }).filter((p) => Number.isFinite(p.turn));
}

/** Which start falls where: a colour and, in some of the cells, its number. */
function cells(data: PortraitData): Plot.Markish[] {
  const c = data.cells;
  if (!c) return [];
  const w = (data.x_range[1] - data.x_range[0]) / c.columns / 2;
  const t = (data.y_range[1] - data.y_range[0]) / c.rows / 2;
  const rows = c.x.map((x, i) => ({ x, y: c.y[i] ?? NaN, group: c.group[i] ?? -1, i }));
  const numbered = rows.filter((r) => r.group >= 0 && r.i % c.columns % 4 === 1 && Math.floor(r.i / c.columns) % 4 === 1);
  return [
    Plot.rect(rows, { x1: (r) => r.x - w, x2: (r) => r.x + w, y1: (r) => r.y - t, y2: (r) => r.y + t, fill: (r) => groupColor(r.group), fillOpacity: .45, inset: .4 }),
    Plot.text(numbered, { x: "x", y: "y", text: (r) => String(r.group + 1), fill: "var(--ink)", fontSize: 11 }),
  ];
}

function portraitAlternative(m: Model, data: PortraitData, title: string): string {
  const count = (role: string): number => data.points.filter((p) => p.role === role).length;
  return m.speak.text("portrait.alt", { title, x: axis(m, data, "x"), y: axis(m, data, "y"), stable: count("stable"), unstable: count("unstable"),
    lines: data.lines.filter((l) => l.role === "path").length });
}

function portraitTable(m: Model, data: PortraitData, title: string): HTMLElement {
  const say = (v: number): string => Number.isFinite(v) ? m.speak.number(v, "2") : "–";
  const head = [m.speak.text("table.what"), axis(m, data, "x"), axis(m, data, "y")];
  const points = data.points.filter((p) => p.role !== "end").slice(0, 400).map((p) => [p.role === "stable" && p.group >= 0 ? `${m.speak.text("role.stable")} ${p.group + 1}`
    : m.speak.text(`role.${p.role}`), say(p.at[0]), say(p.at[1])]);
  const lines = data.lines.filter((l) => l.role !== "drawn").map((l) => {
    const x = finite(l.x), y = finite(l.y);
    const range = (v: number[]): string => v.length ? `${say(v[0] as number)} → ${say(v[v.length - 1] as number)}` : "–";
    return [m.speak.text(`role.${l.role}`), range(x), range(y)];
  });
  const cellRows = data.cells ? [...new Set(data.cells.group)].sort().map((g) => [g < 0 ? m.speak.text("role.elsewhere") : m.speak.text("role.falls", { number: g + 1 }),
    m.speak.number((data.cells?.group.filter((x) => x === g).length ?? 0) / (data.cells?.group.length ?? 1), "percent"), ""]) : [];
  return tableDetails(m, title, head, [...cellRows, ...points, ...lines]);
}
