// SPDX-License-Identifier: MIT
// Where it turned: the four pillars, both positions in the loop, the phases week by week, and each episode with its repair.
import * as Plot from "@observablehq/plot";
import { responsive, tableDetails } from "./chart";
import { h, svg } from "./dom";
import { measureCard, says, tells } from "./finding";
import { sentence, type Model } from "./model";
import { at } from "./sections";
import type { Arrow, Episode, EpisodesFigure, Figure, Finding, LoopFigure, Partner, PhaseKey, PhasesFigure, Pillar, PillarKey, PillarsFigure, Position, Who } from "./types";

const figureOf = <F extends Figure>(m: Model, kind: F["kind"]): F | undefined => m.doc.figures.find((f): f is F => f.kind === kind);
const found = (m: Model, ids: string[]): Finding[] => ids.map((id) => m.doc.findings.find((f) => f.id === id)).filter((f) => f !== undefined);

function frame(m: Model, id: string, ...children: (Node | null | false)[]): HTMLElement {
  return h("section", { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, m.speak.text(`${id}.title`)),
    h("p", { class: "lead" }, m.speak.text(`${id}.lead`)), ...children);
}

// ---- the four pillars ---------------------------------------------------------------------------

const PILLARS: PillarKey[] = ["responsiveness", "presence", "vulnerability", "wounds"];

/** Each with its own source; never summed. */
export function pillarsSection(m: Model): HTMLElement | null {
  const figure = figureOf<PillarsFigure>(m, "pillars");
  if (!figure) return null;
  const pillars = PILLARS.map((key) => figure.data.pillars.find((p) => p.key === key)).filter((p) => p !== undefined);
  return frame(m, "pillars", h("div", { class: "pillars" }, ...pillars.map((p) => pillar(m, p))));
}

function pillar(m: Model, p: Pillar): HTMLElement {
  const findings = found(m, p.findings);
  const told = findings.filter(tells);
  return h("section", { class: `card pillar ${p.key} ${p.state}` },
    h("h3", {}, m.speak.text(`pillar.${p.key}`)),
    h("p", { class: "what" }, m.speak.text(`pillar.${p.key}.what`)),
    told.length ? says(m, told) : h("p", { class: "shown" }, silence(m, findings, `pillar.${p.key}.none`)),
    h("p", { class: "source" }, m.speak.say(`pillar.source.${p.source}`) ?? ""));
}

const silence = (m: Model, findings: Finding[], otherwise: string): string => {
  const quiet = findings.find((f) => f.status === "not_enough_data");
  return quiet ? sentence(m, quiet) : m.speak.text(otherwise);
};

// ---- the cycle ------------------------------------------------------------------------------------

export function cycleSection(m: Model): HTMLElement | null {
  const measures = at(m, "cycle");
  const loop = figureOf<LoopFigure>(m, "loop");
  const phases = figureOf<PhasesFigure>(m, "phases");
  const episodes = figureOf<EpisodesFigure>(m, "episodes");
  if (!measures.length && !phases && !episodes) return null;
  // The shares of the phases are drawn week by week; as cards they would only repeat it.
  const telling = measures.filter((x) => x.findings.some(tells) && !(phases && /^phase_/.test(x.key)));
  const silent = measures.flatMap((x) => x.findings.filter((f) => f.status === "not_enough_data"));
  const quiet = [...new Set(silent.map((f) => sentence(m, f)))];
  const held = measures.some((x) => x.findings.some((f) => f.status === "not_shown"));
  return frame(m, "cycle",
    loop?.data.positions && loop.data.positions.episodes > 0 ? infinity(m, loop) : null,
    phases ? timeline(m, phases) : null,
    episodes && episodes.data.episodes.length > 0 ? episodeList(m, episodes) : null,
    telling.length > 0 && h("div", { class: "cards" }, h("div", { class: telling.length > 1 ? "columns" : "rows" }, ...telling.map((x) => measureCard(m, x)))),
    quiet.length > 0 && h("div", { class: "card quiet silent" }, ...quiet.slice(0, 4).map((q) => h("p", {}, q))),
    held && h("p", { class: "not_shown" }, m.speak.text("not_shown")));
}

// ---- both positions -------------------------------------------------------------------------------

/** A lemniscate: the left lobe is one partner's, the right one the other's; what one does reaches the other through the middle. */
function infinity(m: Model, figure: LoopFigure): HTMLElement {
  const { positions, arrows } = figure.data;
  const n = positions?.episodes ?? 0;
  const half = (who: Partner, d: string): SVGElement => svg("path", { class: `half ${who}`, d, "vector-effect": "non-scaling-stroke" });
  const head = (who: Partner, direction: string, x: number, y: number): HTMLElement => {
    const element = h("i", { class: `head ${direction} ${who}`, "aria-hidden": "true" });
    element.style.left = `${x}%`;
    element.style.top = `${y}%`;
    return element;
  };
  const drawing = h("div", { class: "lemniscate", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", focusable: "false" },
      half("a", "M50,50 C45,10 37,2 25,2 C8,2 1,22 1,50 C1,78 8,98 25,98 C37,98 45,90 50,50"),
      half("b", "M50,50 C55,10 63,2 75,2 C92,2 99,22 99,50 C99,78 92,98 75,98 C63,98 55,90 50,50")),
    head("a", "left", 25, 2), head("a", "right", 25, 98), head("b", "left", 75, 98), head("b", "right", 75, 2));
  return h("section", { class: "measure positions", "aria-labelledby": "positions-title" },
    h("h3", { id: "positions-title" }, m.speak.text("positions.title")),
    h("p", { class: "what" }, m.speak.text("positions.lead", { n })),
    h("div", { class: "infinity" }, drawing, ...(["a", "b"] as Partner[]).map((p) => positionBox(m, p, positions?.[p] ?? null, n))),
    h("p", { class: "middle" }, m.speak.text("positions.middle")),
    arrows && arrows.length > 0 && arrowTable(m, arrows));
}

function positionBox(m: Model, partner: Partner, position: Position | null, n: number): HTMLElement {
  const name = m.name(partner);
  const head = h("h4", { class: "who" }, h("span", { class: `dot ${partner}`, "aria-hidden": "true" }), name);
  if (!position) return h("div", { class: `lobe ${partner}` }, head, h("p", { class: "hidden" }, m.speak.text("positions.hidden", { name })));
  const line = (key: "raised_need" | "pursues" | "withdraws" | "repairs"): HTMLElement => h("li", {},
    h("b", {}, m.speak.text("positions.of", { k: position[key], n })), ` ${m.speak.text(`positions.${key}`)}`);
  const answered = position.answered;
  return h("div", { class: `lobe ${partner}` }, head,
    h("ul", {}, line("raised_need"), line("pursues"), line("withdraws"), line("repairs")),
    answered && answered.of > 0 && h("p", { class: "replied" }, m.speak.text("positions.answered",
      { count: answered.count, of: answered.of, base_rate: answered.base_rate })));
}

function arrowTable(m: Model, arrows: Arrow[]): HTMLElement {
  const { speak } = m;
  const station = (key: string): string => speak.say(`phase.${key}`) ?? key;
  const percent = (x: number | null): string => x === null ? "–" : speak.number(x, "percent");
  const rows = arrows.filter((a) => a.of > 0);
  const main = rows.filter((a) => a.to !== "connection" || a.from === "repair");
  return h("div", { class: "arrows" },
    h("ol", { class: "arrow-list" }, ...main.map((a) => h("li", { class: a.to === "repair" || a.to === "connection" ? "back" : "on" },
      h("span", { class: "path" }, `${station(a.from)} → ${station(a.to)}`),
      h("span", { class: "bar", "aria-hidden": "true" }, bar(a.count / a.of)),
      h("span", { class: "count" }, speak.text("arrows.count", { count: a.count, of: a.of }))))),
    tableDetails(m, speak.text("arrows.title"), [speak.text("arrows.from"), speak.text("arrows.to"), speak.text("arrows.count.head"),
      speak.text("table.value"), speak.text("table.lo"), speak.text("table.hi"), speak.text("arrows.usual")],
    rows.map((a) => [station(a.from), station(a.to), `${a.count} / ${a.of}`, percent(a.count / a.of), percent(a.lo), percent(a.hi), percent(a.base_rate)])));
}

function bar(share: number): HTMLElement {
  const fill = h("i", {});
  fill.style.width = `${Math.round(share * 100)}%`;
  return fill;
}

// ---- phases week by week --------------------------------------------------------------------------

const PHASES: PhaseKey[] = ["connection", "repair", "need", "emotion", "protection", "distance"];
interface Share { t: Date; end: Date; phase: PhaseKey; lo: number; hi: number; n: number }
const DAY = 86400000;
const instant = (t: string): Date => new Date(t.length <= 10 ? `${t}T00:00:00Z` : /Z$/.test(t) ? t : `${t}Z`);

function sharesOf(figure: PhasesFigure): Share[] {
  const { time, shares, n, period } = figure.data;
  const width = (period === "month" ? 30 : period === "day" ? 1 : 7) * DAY;
  return time.flatMap((t, i) => {
    let sum = 0;
    return PHASES.flatMap((phase) => {
      const share = shares[phase]?.[i] ?? null;
      if (share === null || share <= 0) return [];
      const lo = sum;
      sum += share;
      return [{ t: instant(t), end: new Date(instant(t).getTime() + width), phase, lo, hi: sum, n: n[i] ?? 0 }];
    });
  });
}

function timeline(m: Model, figure: PhasesFigure): HTMLElement {
  const { speak } = m;
  const { data } = figure;
  const rows = sharesOf(figure);
  const title = speak.text("phases.title");
  const ends: [Date, Date] = [instant(data.time[0] ?? "1970-01-01"), rows.reduce((x, r) => r.end > x ? r.end : x, new Date(0))];
  const color = (phase: PhaseKey): string => `var(--p-${phase})`;
  const spans = data.episodes.map((e) => ({ ...e, x1: instant(e.from), x2: new Date(Math.max(instant(e.to).getTime(), instant(e.from).getTime() + (ends[1].getTime() - ends[0].getTime()) / 220)) }));
  const repairs = data.repairs.map((r) => ({ ...r, x: instant(r.t) }));
  const strip = spans.length > 0 || repairs.length > 0;
  const draw = (width: number): Element => Plot.plot({
    width, height: strip ? 236 : 180, marginLeft: 46, marginRight: 10, marginTop: 8, marginBottom: 26,
    style: { background: "none", color: "var(--ink-2)", fontFamily: "inherit", fontSize: "11.5px" },
    x: { type: "utc", label: null, domain: ends, ticks: width < 430 ? 4 : 8, tickSize: 4,
      tickFormat: (d: Date) => new Intl.DateTimeFormat(speak.lang, { month: "short", timeZone: "UTC" }).format(d) },
    y: { domain: [strip ? -.36 : 0, 1], ticks: [0, .5, 1], tickFormat: (v: number) => speak.number(v, "percent"), label: null, tickSize: 0 },
    marks: [
      Plot.rect(rows, { x1: "t", x2: "end", y1: "lo", y2: "hi", fill: (r: Share) => color(r.phase), insetLeft: .5, insetRight: .5,
        title: (r: Share) => `${speak.date(r.t.toISOString().slice(0, 10))}\n${speak.text(`phase.${r.phase}`)}: ${speak.number(r.hi - r.lo, "percent")}` }),
      strip ? Plot.ruleY([-.12, -.28], { stroke: "var(--line)" }) : null,
      Plot.ruleY(spans, { x1: "x1", x2: "x2", y: -.12, stroke: "var(--p-protection)", strokeWidth: 7, strokeLinecap: "round", strokeOpacity: .85 }),
      Plot.dot(spans.filter((e) => e.end === "returned"), { x: "x2", y: -.12, r: 4, fill: "var(--card)", stroke: "var(--sage)", strokeWidth: 1.8 }),
      Plot.dot(repairs, { x: "x", y: -.28, r: 4, symbol: (r: { by: string }) => r.by === "b" ? "diamond2" : "circle", stroke: (r: { by: string }) => `var(--${r.by === "both" ? "ab" : r.by})`,
        fill: (r: { by: string; landed: boolean }) => r.landed ? `var(--${r.by === "both" ? "ab" : r.by})` : "var(--card)", strokeWidth: 1.6 }),
      Plot.text((strip ? [["phases.strip.episodes", -.12], ["phases.strip.repairs", -.28]] : []) as [string, number][],
        { x: () => ends[0], y: (d: [string, number]) => d[1], text: (d: [string, number]) => speak.text(d[0]), textAnchor: "start", dy: -8, dx: 2, fill: "var(--ink-2)", fontSize: 10.5 }),
    ],
  });
  const used = PHASES.filter((p) => rows.some((r) => r.phase === p));
  const percent = (x: number | null | undefined): string => x === null || x === undefined ? "–" : speak.number(x, "percent");
  return h("section", { class: "measure wide", "data-measure": "phases" }, h("h3", {}, title), h("p", { class: "what" }, speak.text("phases.lead")),
    h("figure", { class: "phases" },
      h("p", { class: "legend" }, ...used.map((p) => h("span", {}, h("i", { class: `phase-swatch ${p}`, "aria-hidden": "true" }), speak.text(`phase.${p}`)))),
      responsive(draw, speak.text("phases.alt", { title, episodes: data.episodes.length, repairs: repairs.length, landed: repairs.filter((r) => r.landed).length })),
      strip && h("figcaption", {}, speak.text("phases.how")),
      tableDetails(m, title, [speak.say(`table.time.${data.period}`) ?? speak.text("table.time"), ...PHASES.map((p) => speak.text(`phase.${p}`)), speak.text("phases.turns")],
        data.time.map((t, i) => [speak.date(t.slice(0, 10)), ...PHASES.map((p) => percent(data.shares[p]?.[i])), String(data.n[i] ?? 0)]))));
}

// ---- episodes -------------------------------------------------------------------------------------

const OPEN = 4; // cards that stand open; older ones wait behind a fold

function episodeList(m: Model, figure: EpisodesFigure): HTMLElement {
  const { speak } = m;
  const all = [...figure.data.episodes].reverse();
  const rest = all.slice(OPEN);
  return h("section", { class: "episodes", "aria-labelledby": "episodes-title" },
    h("h3", { id: "episodes-title" }, speak.text("episodes.title")),
    h("p", { class: "what" }, speak.text(figure.data.total > all.length ? "episodes.some" : "episodes.lead", { shown: all.length, total: figure.data.total })),
    h("div", { class: "episode-cards" }, ...all.slice(0, OPEN).map((e) => episodeCard(m, e))),
    rest.length > 0 && h("details", { class: "older" }, h("summary", {}, speak.text("episodes.older", { n: rest.length })),
      h("div", { class: "episode-cards" }, ...rest.map((e) => episodeCard(m, e)))));
}

function episodeCard(m: Model, e: Episode): HTMLElement {
  const { speak } = m;
  const to = e.to !== null && String(e.to).slice(0, 10) !== String(e.from).slice(0, 10) ? ` – ${speak.date(typeof e.to === "string" ? e.to.slice(0, 10) : e.to)}` : "";
  const roles = (["raised_need", "pursues", "withdraws", "repairs"] as const).map((role) => roleLine(m, role, e[role])).filter((x) => x !== null);
  return h("article", { class: `card episode ${e.end}` },
    h("header", {}, h("h4", {}, speak.date(typeof e.from === "string" ? e.from.slice(0, 10) : e.from) + to),
      h("p", { class: "what" }, [speak.text("episode.size", { turns: e.turns, protective: e.protective }),
        e.need && speak.say("episode.need", { need: speak.say(`need.${e.need}`) ?? e.need }),
        e.problem && speak.say("episode.problem", { problem: speak.say(`problem.${e.problem}`) ?? e.problem })].filter(Boolean).join(" "))),
    roles.length > 0 && h("ul", { class: "roles" }, ...roles),
    h("p", { class: "ending" }, ending(m, e)),
    turnsOf(m, e));
}

function roleLine(m: Model, role: "raised_need" | "pursues" | "withdraws" | "repairs", who: Who | null): HTMLElement | null {
  if (who === null || who === "none") return null;
  const partners: Partner[] = who === "both" ? ["a", "b"] : [who];
  return h("li", {}, h("span", { class: "role" }, m.speak.text(`episode.${role}`)),
    ...partners.map((p) => h("span", { class: "who" }, h("span", { class: `dot ${p}`, "aria-hidden": "true" }), m.name(p))));
}

/** Every rupture stands with its repair, or with its absence from the record. */
function ending(m: Model, e: Episode): string {
  const { speak } = m;
  const mended = e.repair_attempts === 0 ? speak.text("episode.mend.none")
    : speak.text(e.repair_landed > 0 ? "episode.mend.landed" : "episode.mend.open", { attempts: e.repair_attempts, landed: e.repair_landed });
  const end = e.end === "returned" && e.repair_h !== null && e.repair_seen ? speak.text("episode.end.returned", { hours: e.repair_h })
    : speak.text(e.end === "returned" ? "episode.end.returned.untimed" : `episode.end.${e.end}`);
  return `${mended} ${end}`;
}

function turnsOf(m: Model, e: Episode): HTMLElement | null {
  const { speak } = m;
  const turns = e.examples.map((x) => ({ turn: m.turns.get(x.turn), phase: x.phase })).filter((x) => x.turn !== undefined);
  if (!turns.length) return null;
  return h("ol", { class: "said" }, ...turns.map(({ turn, phase }) => turn && h("li", { class: phase },
    h("p", { class: "stamp" }, h("span", { class: `dot ${turn.sender}`, "aria-hidden": "true" }), `${m.name(turn.sender)}, ${speak.time(turn.t)} · `,
      h("span", { class: "phase" }, speak.text(`phase.${phase}`))),
    turn.text === null ? h("p", { class: "hidden" }, turn.words === null ? speak.text("examples.none") : speak.text("examples.hidden", { words: turn.words }))
      : h("blockquote", { dir: "auto" }, turn.text))));
}
