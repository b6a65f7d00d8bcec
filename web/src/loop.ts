// SPDX-License-Identifier: MIT
// The article's loop: need, emotion, protection, distance, and the way back through its middle.
import { h, svg } from "./dom";
import { names, type Model } from "./model";
import { examplesOf } from "./finding";
import type { Finding, LoopFigure, Station, StationKey } from "./types";

const ORDER: StationKey[] = ["need", "emotion", "protection", "distance", "repair"];

/** Quarter turns from a station to the next, drawn in the corner cells; [path, x of head, y of head, direction]. */
const ARCS: [string, string, number, number, string][] = [
  ["tr", "M0,38 C34,38 56,52 56,100", 56, 100, "down"],
  ["br", "M56,0 C56,48 34,62 0,62", 0, 62, "left"],
  ["bl", "M100,62 C66,62 44,48 44,0", 44, 0, "up"],
  ["tl", "M44,100 C44,52 66,38 100,38", 100, 38, "right"],
];

export function loopSection(m: Model, note = "loop.hypothesis"): HTMLElement {
  const { speak } = m;
  const figure = m.doc.figures.find((f): f is LoopFigure => f.kind === "loop");
  const stations = ORDER.map((key) => figure?.data.stations.find((s) => s.key === key) ??
    { key, state: "not_measured_yet", text_key: "", values: {}, findings: [] } satisfies Station);
  const byId = new Map(m.doc.findings.map((f) => [f.id, f]));
  return h("section", { id: "loop", class: "loop", "aria-labelledby": "loop-title" },
    h("div", { class: "loop-words" }, h("h2", { id: "loop-title" }, speak.text("loop.title")),
      h("p", { class: "lead" }, speak.text("loop.lead"))),
    h("div", { class: "ring" },
      ...ARCS.map(([place, path, x, y, direction]) => arrow(`arc ${place}`, path, x, y, direction)),
      arrow("way west", "M0,50 L100,50", 100, 50, "right"),
      arrow("way east", "M100,50 L0,50", 0, 50, "left"),
      arrow("way north", "M50,100 L50,0", 50, 0, "up"),
      h("ol", { class: "stations", "aria-label": speak.text("loop.alt") }, ...stations.map((s, i) => station(m, s, i, byId)))),
    h("p", { class: "note" }, speak.text(note)));
}

/** A line that stretches with its cell, and a head that does not. Decoration: the list carries the order. */
function arrow(name: string, path: string, x: number, y: number, direction: string): HTMLElement {
  return h("div", { class: name, "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none" },
      svg("path", { d: path, fill: "none", "vector-effect": "non-scaling-stroke" })),
    place(h("i", { class: `head ${direction}` }), x, y));
}
function place(head: HTMLElement, x: number, y: number): HTMLElement {
  head.style.left = `${x}%`;
  head.style.top = `${y}%`;
  return head;
}

function station(m: Model, s: Station, index: number, byId: Map<string, Finding>): HTMLElement {
  const { speak } = m;
  const findings = s.findings.map((id) => byId.get(id)).filter((f) => f !== undefined);
  const said = s.state === "not_measured_yet"
    ? speak.say(s.text_key, { ...names(m), ...s.values }) ?? ""
    : s.state === "not_enough_data"
      ? speak.say(s.text_key, { ...names(m), ...s.values }) ?? speak.text("loop.not_enough_data")
      : speak.say(s.text_key, { ...names(m), ...s.values }) ?? "";
  return h("li", { class: `station ${s.key} ${s.state}` },
    h("h3", {}, h("span", { class: "number", "aria-hidden": "true" }, s.key === "repair" ? "↺" : String(index + 1)),
      speak.text(`loop.${s.key}`)),
    h("p", { class: "what" }, speak.text(`loop.${s.key}.what`)),
    s.state === "not_measured_yet" && h("p", { class: "state" }, speak.text("loop.not_measured_yet")),
    said && h("p", { class: "shown" }, said),
    s.state === "measured" && examplesOf(m, findings));
}
