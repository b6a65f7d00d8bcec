// SPDX-License-Identifier: MIT
// Every chart of the page: drawn by Observable Plot, with a band of ordinary ups and downs and a table beside it.
import * as Plot from "@observablehq/plot";
import { h } from "./dom";
import type { Model } from "./model";
import type { About, BarsData, SeriesFigure, SeriesLine } from "./types";

type Svg = SVGSVGElement;
const color = (about: About): string => `var(--${about})`;
/** Shape tells the two apart where colour does not. */
export const symbolOf = (about: About): "circle" | "diamond2" => about === "b" ? "diamond2" : "circle";

/** Charts on the page; paper has its own width, and the sizes of letters must fit it. */
const PAPER = 640; // A4 between the margins of the style sheet and of a card, in CSS pixels
let drawn: { box: HTMLElement; redraw: (width?: number) => void }[] = [];
export function drawFor(medium: "screen" | "paper"): void {
  drawn = drawn.filter((d) => d.box.isConnected);
  for (const d of drawn) d.redraw(medium === "screen" ? undefined : d.box.closest(".n2") ? (PAPER - 22) / 2 : PAPER);
}

/** Draws again when the width changes. Plot's own style element is dropped: the page's policy allows one style only. */
export function responsive(draw: (width: number) => Element, alternative: string): HTMLElement {
  const box = h("div", { class: "plot" });
  let last = 0;
  const redraw = (given?: number): void => {
    const width = Math.round(given ?? box.clientWidth);
    if (!width || Math.abs(width - last) < 2) return;
    last = width;
    const chart = draw(width) as Svg;
    for (const style of chart.querySelectorAll("style")) style.remove();
    // One picture with one description: the labels of its parts would be read as nonsense.
    for (const part of chart.querySelectorAll("[aria-label], [aria-description]")) {
      part.removeAttribute("aria-label");
      part.removeAttribute("aria-description");
    }
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", alternative);
    box.replaceChildren(chart);
  };
  new ResizeObserver(() => redraw()).observe(box);
  drawn.push({ box, redraw });
  return box;
}

interface Point { t: Date; value: number | null; lo: number | null; hi: number | null; n: number | null; out: boolean }

const at = (time: string): Date => new Date(time.length <= 10 ? `${time}T00:00:00Z` : /Z$/.test(time) ? time : `${time}Z`);

function pointsOf(figure: SeriesFigure, line: SeriesLine): Point[] {
  return figure.data.time.map((time, i) => {
    const value = line.value[i] ?? null;
    const out = value !== null && ((line.usual_lo !== null && value < line.usual_lo) ||
      (line.usual_hi !== null && value > line.usual_hi));
    return { t: at(time), value, lo: line.lo?.[i] ?? null, hi: line.hi?.[i] ?? null, n: line.n?.[i] ?? null, out };
  });
}

const finite = (values: (number | null | undefined)[]): number[] =>
  values.filter((v): v is number => typeof v === "number" && Number.isFinite(v));

/** The weekly values of each partner, one panel each, on one scale. */
export function seriesFigure(m: Model, figure: SeriesFigure, title: string): HTMLElement {
  const { data } = figure;
  const lines = data.lines.filter((line) => finite(line.value).length > 0);
  const logarithmic = data.unit === "min" || data.unit === "s" || data.unit === "h";
  const all = finite(lines.flatMap((l) => [...l.value, l.usual_lo, l.usual_hi]));
  const reach = finite(lines.flatMap((l) => [...(l.hi ?? [])])).sort((x, y) => x - y);
  const top = Math.max(...all, reach[Math.floor(reach.length * .9)] ?? 0);
  const least = Math.min(...all);
  // Lines need no zero; where all values are high, the scale starts below them.
  const bottom = logarithmic ? Math.max(Math.min(...all.filter((v) => v > 0)), 1e-3)
    : least > .45 * top ? least - (top - least) * .35 : Math.min(0, least);
  const panels = lines.map((line) => h("div", { class: `panel ${line.partner}` },
    h("p", { class: "panel-head" },
      h("span", { class: "who" }, h("span", { class: `dot ${line.partner}`, "aria-hidden": "true" }), m.name(line.partner)),
      line.usual_lo !== null && line.usual_hi !== null && h("span", { class: "usual" }, h("i", { "aria-hidden": "true" }),
        m.speak.say("chart.usual", { usual_lo: line.usual_lo, usual_hi: line.usual_hi }, data.unit) ?? "")),
    responsive((width) => seriesPlot(m, figure, line, width, [bottom, top], logarithmic), seriesAlternative(m, figure, line, title))));
  return h("figure", { class: "series" }, h("div", { class: `panels n${panels.length}` }, ...panels), seriesTable(m, figure, title));
}

function seriesPlot(m: Model, figure: SeriesFigure, line: SeriesLine, width: number, [bottom, top]: [number, number],
  logarithmic: boolean): Element {
  const points = pointsOf(figure, line);
  const shown = points.filter((p) => p.value !== null);
  const fill = color(line.partner);
  const unit = figure.data.unit;
  const say = (v: number): string => m.speak.number(v, unit);
  const clamp = (v: number | null): number => Math.min(Math.max(v ?? bottom, bottom), top);
  const ends = [points[0]?.t, points[points.length - 1]?.t] as [Date, Date];
  const band = line.usual_lo !== null && line.usual_hi !== null;
  return Plot.plot({
    width, height: Math.max(150, Math.min(210, width * .48)),
    marginLeft: 52, marginRight: 8, marginTop: 10, marginBottom: 26,
    style: { background: "none", color: "var(--ink-2)", fontFamily: "inherit", fontSize: "11.5px" },
    x: { type: "utc", label: null, domain: ends, ticks: width < 330 ? 4 : 6, tickSize: 4,
      tickFormat: (d: Date) => new Intl.DateTimeFormat(m.speak.lang, { month: "short", timeZone: "UTC" }).format(d), insetLeft: 4, insetRight: 4 },
    y: { type: logarithmic ? "log" : "linear", domain: [bottom, top], nice: !logarithmic, label: null,
      ticks: logarithmic ? logTicks(bottom, top) : 4, tickFormat: say, grid: false, tickSize: 0 },
    marks: [
      Plot.gridY({ ticks: logarithmic ? logTicks(bottom, top) : 4, stroke: "var(--line)", strokeOpacity: 1 }),
      band ? Plot.rect([0], { x1: () => ends[0], x2: () => ends[1], y1: () => clamp(line.usual_lo), y2: () => clamp(line.usual_hi),
        fill, fillOpacity: .15 }) : null,
      Plot.ruleX(shown.filter((p) => p.lo !== null && p.hi !== null),
        { x: "t", y1: (p: Point) => clamp(p.lo), y2: (p: Point) => clamp(p.hi), stroke: fill, strokeOpacity: .28 }),
      Plot.line(points, { x: "t", y: "value", stroke: fill, strokeWidth: 1.6, strokeLinejoin: "round" }),
      Plot.dot(shown, { x: "t", y: "value", r: shown.length > 60 ? 2 : 3.2, symbol: symbolOf(line.partner), stroke: fill, strokeWidth: 1.5,
        fill: (p: Point) => p.out ? fill : "var(--card)" }),
      Plot.tip(shown, Plot.pointerX({ x: "t", y: "value", fill: "var(--card)", stroke: "var(--line-2)", fontSize: 12,
        title: (p: Point) => `${m.speak.date(p.t.toISOString().slice(0, 10))}\n${say(p.value ?? 0)}` })),
    ],
  });
}

/** Ticks that people count in: seconds, minutes, hours, days. */
function logTicks(bottom: number, top: number): number[] {
  const nice = [.02, .05, 1 / 6, .5, 1, 2, 5, 15, 30, 60, 120, 300, 720, 1440, 2880, 7200, 14400];
  const inside = nice.filter((v) => v >= bottom * .95 && v <= top * 1.05);
  const step = Math.ceil(inside.length / 5);
  return inside.filter((_, i) => i % step === 0);
}

function seriesAlternative(m: Model, figure: SeriesFigure, line: SeriesLine, title: string): string {
  const points = pointsOf(figure, line);
  const values = finite(points.map((p) => p.value));
  return m.speak.say(line.usual_lo === null ? "chart.alt.plain" : "chart.alt", {
    title, name: m.name(line.partner), min: Math.min(...values), max: Math.max(...values), usual_lo: line.usual_lo,
    usual_hi: line.usual_hi, out: points.filter((p) => p.out).length, count: values.length }, figure.data.unit) ?? title;
}

function seriesTable(m: Model, figure: SeriesFigure, title: string): HTMLElement {
  const { speak } = m;
  const { time, period, unit, lines } = figure.data;
  const cell = (v: number | null | undefined): string => v === null || v === undefined ? "–" : speak.number(v, unit);
  const range = (line: SeriesLine, i: number): string => line.lo && line.hi && line.lo[i] !== null && line.hi[i] !== null
    ? ` (${cell(line.lo[i])} – ${cell(line.hi[i])})` : "";
  const head = [speak.say(`table.time.${period}`) ?? speak.text("table.time"),
    ...lines.map((l) => m.name(l.partner)), ...lines.filter((l) => l.n).map((l) => `${m.name(l.partner)}: ${speak.text("table.n")}`)];
  const usual = lines.every((l) => l.usual_lo !== null && l.usual_hi !== null)
    ? [[speak.text("table.usual"), ...lines.map((l) => `${cell(l.usual_lo)} – ${cell(l.usual_hi)}`),
      ...lines.filter((l) => l.n).map(() => "")]] : [];
  const rows = time.map((t, i) => [speak.date(t.slice(0, 10)), ...lines.map((l) => cell(l.value[i]) + range(l, i)),
    ...lines.filter((l) => l.n).map((l) => l.n?.[i] === null ? "–" : String(l.n?.[i] ?? "–"))]);
  return tableDetails(m, title, head, [...usual, ...rows]);
}

/** A table that waits behind a summary; the text alternative of every figure. */
export function tableDetails(m: Model, title: string, head: string[], rows: string[][]): HTMLElement {
  return h("details", { class: "numbers" }, h("summary", {}, m.speak.text("table.show")),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
      h("table", {}, h("caption", {}, title),
        h("thead", {}, h("tr", {}, ...head.map((c) => h("th", { scope: "col" }, c)))),
        h("tbody", {}, ...rows.map((r) => h("tr", {}, ...r.map((c, i) =>
          i ? h("td", {}, c) : h("th", { scope: "row" }, c))))))));
}

export interface Interval { key: string; label: string; partner: About; value: number; lo: number | null; hi: number | null; n: number | null }

/** Points with intervals, one row a measure, the two partners side by side on one scale. */
export function intervalFigure(m: Model, rows: Interval[], unit: string | null, title: string): HTMLElement {
  const keys = [...new Set(rows.map((r) => r.key))];
  const say = (v: number): string => m.speak.number(v, unit);
  const all = finite(rows.flatMap((r) => [r.value, r.lo, r.hi]));
  const share = unit === "share" || unit === "percent" || unit === "rate" || unit === "probability";
  const low = Math.min(0, ...all);
  const top = share && Math.max(...all) > .5 ? 1 : Math.max(...all) * 1.04 || 1;
  const rowHeight = 50;
  const partners = [...new Set(rows.map((r) => r.partner))].sort();
  const labelOf = (key: string): string => rows.find((r) => r.key === key)?.label ?? key;
  const single = keys.length === 1;
  const draw = (width: number): Element => {
    const beside = !single && width > 560; // labels to the left where there is room, above the rows elsewhere
    return Plot.plot({
    width, height: keys.length * rowHeight + (single ? 4 : 26), marginLeft: beside ? 210 : 8, marginRight: 46, marginTop: single ? 0 : 8, marginBottom: 24,
    style: { background: "none", color: "var(--ink-2)", fontFamily: "inherit", fontSize: "11.5px" },
    x: { domain: [low, top], label: null, tickFormat: say, ticks: width < 420 ? 4 : 6, tickSize: 0 },
    y: { type: "band", domain: keys, axis: null, padding: 0 },
    marks: [
      Plot.gridX({ ticks: width < 420 ? 4 : 6, stroke: "var(--line)", strokeOpacity: 1 }),
      single ? null : Plot.text(keys, { x: low, y: (k: string) => k, text: labelOf, textAnchor: beside ? "end" : "start", dx: beside ? -14 : 2, dy: beside ? 0 : -15,
        fill: "var(--ink)", fontSize: 13 }),
      ...partners.map((partner, i) => {
        const mine = rows.filter((r) => r.partner === partner);
        const dy = (single || beside ? 0 : 9) + (partners.length === 1 ? 0 : (i - .5) * 14);
        return [
          Plot.ruleY(mine.filter((r) => r.lo !== null && r.hi !== null),
            { y: "key", x1: "lo", x2: "hi", dy, stroke: color(partner), strokeWidth: 5, strokeOpacity: .25, strokeLinecap: "round" }),
          Plot.dot(mine, { y: "key", x: "value", dy, r: 4.5, symbol: symbolOf(partner), fill: color(partner), stroke: "var(--card)" }),
          Plot.text(mine, { y: "key", x: (r: Interval) => r.hi ?? r.value, dy, dx: 10, text: (r: Interval) => say(r.value), textAnchor: "start",
            fill: "var(--ink)", fontSize: 11.5, fontVariant: "tabular-nums" }),
        ];
      }).flat(),
    ],
  });
  };
  const alternative = rows.map((r) => `${r.label}, ${m.name(r.partner)}: ${say(r.value)}`).join("; ");
  const table = tableDetails(m, title,
    [m.speak.text("table.what"), m.speak.text("table.who"), m.speak.text("table.value"), m.speak.text("table.lo"),
      m.speak.text("table.hi"), m.speak.text("table.n")],
    rows.map((r) => [r.label, m.name(r.partner), say(r.value), r.lo === null ? "–" : say(r.lo), r.hi === null ? "–" : say(r.hi),
      r.n === null ? "–" : m.speak.number(r.n, "0")]));
  return h("figure", { class: "intervals" },
    h("p", { class: "legend" }, ...partners.map((p) => h("span", { class: "who" },
      h("span", { class: `dot ${p}`, "aria-hidden": "true" }), m.name(p)))),
    responsive(draw, `${title}. ${alternative}`), table);
}

export function barRows(m: Model, data: BarsData): Interval[] {
  return data.bars.filter((b) => b.value !== null).map((b) => ({ key: b.key, partner: b.partner, value: b.value as number,
    lo: b.lo ?? null, hi: b.hi ?? null, n: b.n ?? null,
    label: m.speak.say(`bar.${b.key}`) ?? m.speak.say(`${b.key}.name`) ?? b.key.replaceAll("_", " ") }));
}
